package dev.kantele.runtime.session;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.log.SessionLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Messages as compressed JSON: of what people and models write, about a third is left. */
final class PackedMessages {
  /** Less than this, with what objects take beside their texts, is left as it is. */
  private static final int WORTH_BYTES = 2 * 1024;

  private static final TypeReference<List<Message>> TYPE = new TypeReference<>() {};
  private static final ObjectWriter WRITER = WireMapper.json().writerFor(TYPE);
  private static final ObjectReader READER = WireMapper.json().readerFor(TYPE);

  private final byte[] bytes;

  private PackedMessages(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean isWorthIt(List<Message> messages) {
    return messages.stream().mapToLong(SessionLog::sizeOf).sum() >= WORTH_BYTES;
  }

  static PackedMessages of(List<Message> messages) {
    var packed = new ByteArrayOutputStream();
    try (OutputStream to = new DeflaterOutputStream(packed)) {
      WRITER.writeValue(to, messages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new PackedMessages(packed.toByteArray());
  }

  List<Message> messages() {
    try (InputStream from = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return READER.readValue(from);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
