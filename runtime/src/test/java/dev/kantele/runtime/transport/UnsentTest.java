package dev.kantele.runtime.transport;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

final class UnsentTest {
  private final MemorySegment buffer = MemorySegment.ofArray(new byte[16 * 1024]);
  private final Unsent unsent = new Unsent();

  private String next() {
    return new String(unsent.next(buffer).toArray(JAVA_BYTE), UTF_8);
  }

  @Test
  void small_pieces_are_gathered() {
    unsent.add(ByteString.fromString("one "));
    unsent.add(ByteString.emptyByteString());
    unsent.add(ByteString.fromString("two"));

    assertThat(next()).isEqualTo("one two");
    assertThat(unsent.bytes()).isEqualTo(7);
  }

  @Test
  void what_was_written_does_not_come_again() {
    unsent.add(ByteString.fromString("one "));
    unsent.add(ByteString.fromString("two"));

    unsent.written(2);
    assertThat(next()).isEqualTo("e two");
    unsent.written(3);
    assertThat(next()).isEqualTo("wo");
    unsent.written(2);
    assertThat(unsent.isEmpty()).isTrue();
  }

  @Test
  void a_large_piece_is_not_copied() {
    byte[] large = new byte[64 * 1024];
    unsent.add(ByteString.fromArrayUnsafe(large));

    MemorySegment next = unsent.next(buffer);
    large[7] = 1;
    assertThat(next.get(JAVA_BYTE, 7)).isEqualTo((byte) 1);
    unsent.written(10);
    assertThat(unsent.next(buffer).byteSize()).isEqualTo(large.length - 10);
  }

  @Test
  void the_parts_of_a_large_piece_are_not_copied_either() {
    byte[] large = new byte[64 * 1024];
    unsent.add(ByteString.fromString("before").concat(ByteString.fromArrayUnsafe(large)));

    assertThat(next()).hasSize((int) buffer.byteSize()).startsWith("before");
    unsent.written(6);
    MemorySegment next = unsent.next(buffer);
    large[7] = 1;
    assertThat(next.get(JAVA_BYTE, 7)).isEqualTo((byte) 1);
  }

  @Test
  void bytes_come_in_their_order_however_they_are_cut() {
    var random = new Random(7);
    var expected = new ByteArrayOutputStream();
    var actual = new ByteArrayOutputStream();
    for (int i = 0; i < 2_000; i++) {
      byte[] piece = new byte[random.nextInt(random.nextInt(10) == 0 ? 40_000 : 200)];
      random.nextBytes(piece);
      expected.writeBytes(piece);
      ByteString bytes = ByteString.fromArray(piece);
      unsent.add(
          random.nextBoolean()
              ? bytes
              : bytes.take(piece.length / 3).concat(bytes.drop(piece.length / 3)));
      while (!unsent.isEmpty() && random.nextInt(3) > 0) {
        write(random, actual);
      }
    }
    while (!unsent.isEmpty()) {
      write(random, actual);
    }

    assertThat(actual.toByteArray()).isEqualTo(expected.toByteArray());
  }

  private void write(Random random, ByteArrayOutputStream to) {
    byte[] next = unsent.next(buffer).toArray(JAVA_BYTE);
    int count = 1 + random.nextInt(next.length);
    to.write(next, 0, count);
    unsent.written(count);
  }
}
