package dev.kantele.testkit.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * A message of Amazon's binary event stream: a prelude of its length and that of its headers, with
 * a checksum; headers; a payload; and a checksum of all. See <a
 * href="https://smithy.io/2.0/aws/amazon-eventstream.html">smithy.io</a>.
 */
final class EventStreamMessage {
  /** The type of a header whose value is a text. */
  private static final int STRING = 7;

  private static final int PRELUDE_BYTES = 12;
  private static final int CHECKSUM_BYTES = 4;

  /** An event. */
  static Piece.Data event(String type, String json) {
    return message(":event-type", type, "event", json);
  }

  /** An exception, which is the last message. */
  static Piece.Data exception(String type, String json) {
    return message(":exception-type", type, "exception", json);
  }

  private static Piece.Data message(String header, String type, String kind, String json) {
    var headers = new ByteArrayOutputStream();
    header(headers, header, type);
    header(headers, ":content-type", "application/json");
    header(headers, ":message-type", kind);
    byte[] payload = json.getBytes(UTF_8);
    int length = PRELUDE_BYTES + headers.size() + payload.length + CHECKSUM_BYTES;
    var bytes = new byte[length];
    ByteBuffer message = ByteBuffer.wrap(bytes).putInt(length).putInt(headers.size());
    message.putInt(checksum(bytes, message.position()));
    message.put(headers.toByteArray()).put(payload);
    message.putInt(checksum(bytes, message.position()));
    return new Piece.Data(bytes);
  }

  private static void header(ByteArrayOutputStream headers, String name, String value) {
    headers.write(name.length());
    headers.writeBytes(name.getBytes(UTF_8));
    headers.write(STRING);
    headers.write(value.length() >> 8);
    headers.write(value.length());
    headers.writeBytes(value.getBytes(UTF_8));
  }

  /** Of what was written so far. */
  private static int checksum(byte[] message, int written) {
    var crc = new CRC32();
    crc.update(message, 0, written);
    return (int) crc.getValue();
  }

  private EventStreamMessage() {}
}
