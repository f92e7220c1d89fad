package dev.kantele.runtime.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;

final class FrameReaderProperties {
  private static final int MAX = 4_096;

  private static List<Incoming> read(byte[] bytes, int pieceBytes) {
    var reader = new FrameReader(MAX);
    var read = new ArrayList<Incoming>();
    for (int at = 0; at < bytes.length; at += pieceBytes) {
      reader.offer(ByteString.fromArray(bytes, at, Math.min(pieceBytes, bytes.length - at)));
      for (Optional<Incoming> next = reader.next(); next.isPresent(); next = reader.next()) {
        read.add(next.get());
      }
    }
    return read;
  }

  @Property(tries = 500)
  void any_bytes_are_read_the_same_however_they_are_cut(
      @ForAll @Size(max = 400) byte[] bytes, @ForAll @IntRange(min = 1, max = 20) int pieceBytes) {
    assertThat(read(bytes, pieceBytes)).isEqualTo(read(bytes, Math.max(1, bytes.length)));
  }

  @Property(tries = 300)
  void whatever_texts_are_written_are_read(
      @ForAll @Size(max = 10) List<String> texts,
      @ForAll @IntRange(min = 1, max = 50) int pieceBytes,
      @ForAll @IntRange(min = 1, max = 7) int fragmentBytes) {
    var bytes = ByteString.emptyByteString();
    var expected = new ArrayList<Incoming>();
    for (String text : texts) {
      byte[] payload = ClientFrames.utf8(text);
      if (payload.length > MAX) {
        continue;
      }
      expected.add(new Incoming.Text(new String(payload, StandardCharsets.UTF_8)));
      bytes = bytes.concat(fragments(payload, fragmentBytes));
    }

    assertThat(read(bytes.toArray(), pieceBytes)).isEqualTo(expected);
  }

  private static ByteString fragments(byte[] payload, int fragmentBytes) {
    var frames = ByteString.emptyByteString();
    int at = 0;
    do {
      int end = Math.min(payload.length, at + fragmentBytes);
      int opcode = at == 0 ? ClientFrames.TEXT : ClientFrames.CONTINUATION;
      byte[] piece = Arrays.copyOfRange(payload, at, end);
      frames =
          frames.concat(
              ByteString.fromArray(ClientFrames.frame(end == payload.length, opcode, piece)));
      at = end;
    } while (at < payload.length);
    return frames;
  }
}
