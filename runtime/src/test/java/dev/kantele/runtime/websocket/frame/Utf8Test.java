package dev.kantele.runtime.websocket.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {
  private static final byte[] TELLING = {
    0x00,
    0x7F,
    (byte) 0x80,
    (byte) 0x8F,
    (byte) 0x90,
    (byte) 0x9F,
    (byte) 0xA0,
    (byte) 0xBF,
    (byte) 0xC0,
    (byte) 0xC1,
    (byte) 0xC2,
    (byte) 0xDF,
    (byte) 0xE0,
    (byte) 0xE1,
    (byte) 0xEC,
    (byte) 0xED,
    (byte) 0xEE,
    (byte) 0xEF,
    (byte) 0xF0,
    (byte) 0xF1,
    (byte) 0xF3,
    (byte) 0xF4,
    (byte) 0xF5,
    (byte) 0xFF
  };

  /** How many bytes are taken before one is refused; all of them if none is. */
  private static int accepted(byte[] bytes) {
    var utf8 = new Utf8();
    for (int i = 0; i < bytes.length; i++) {
      if (!utf8.take(bytes, i, i + 1)) {
        return i;
      }
    }
    return bytes.length;
  }

  @Property(tries = 20_000)
  void it_judges_as_the_jdk_does(@ForAll long seed, @ForAll @IntRange(max = 40) int length) {
    var random = new Random(seed);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] =
          random.nextInt(8) == 0
              ? (byte) random.nextInt()
              : TELLING[random.nextInt(TELLING.length)];
    }
    var utf8 = new Utf8();
    int cut = random.nextInt(length + 1);

    boolean taken = utf8.take(bytes, 0, cut) && utf8.take(bytes, cut, length);

    assertThat(taken).isEqualTo(ReferenceDecoder.isUtf8(bytes, /* whole= */ false));
    assertThat(taken && utf8.isComplete()).isEqualTo(ReferenceDecoder.isUtf8(bytes, true));
  }

  @Property(tries = 1_000)
  void it_takes_every_text_however_it_is_cut(@ForAll String text, @ForAll long seed) {
    byte[] bytes = text.replaceAll("\\p{Cs}", "?").getBytes(UTF_8);
    var random = new Random(seed);
    var utf8 = new Utf8();
    int at = 0;
    while (at < bytes.length) {
      int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
      assertThat(utf8.take(bytes, at, end)).isTrue();
      at = end;
    }
    assertThat(utf8.isComplete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "c0af, 0", "c180, 0", "e08080, 1", "e09fbf, 1", "eda080, 1", "f0808080, 1", "f08fbfbf, 1",
    "f4908080, 1", "f5808080, 0", "ff, 0", "80, 0", "c241, 1", "e28241, 2", "f09f9841, 3",
    "61c328, 2"
  })
  void it_fails_at_the_first_byte_that_can_not_be(String hex, int at) {
    assertThat(accepted(HexFormat.of().parseHex(hex))).isEqualTo(at);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c2", "e282", "f09f98", "6161616161616161c3"})
  void it_waits_for_the_rest_of_a_character(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    var utf8 = new Utf8();

    assertThat(utf8.take(bytes, 0, bytes.length)).isTrue();
    assertThat(utf8.isComplete()).isFalse();
  }

  @Property(tries = 500)
  void masking_says_whether_all_is_ascii_and_undoes_itself(
      @ForAll @IntRange(max = 100) int length, @ForAll int key, @ForAll long seed) {
    byte[] plain = new byte[length];
    var random = new Random(seed);
    random.nextBytes(plain);
    if (random.nextBoolean()) {
      for (int i = 0; i < length; i++) {
        plain[i] &= 0x7F;
      }
    }
    byte[] masked = new byte[length + 3];
    byte[] again = new byte[length];
    int cut = random.nextInt(length + 1);

    Masking.copy(plain, 0, masked, 3, length, key);
    boolean asciiFirst = Masking.copy(masked, 3, again, 0, cut, key);
    boolean asciiRest =
        Masking.copy(masked, 3 + cut, again, cut, length - cut, Masking.rotate(key, cut));

    assertThat(again).isEqualTo(plain);
    for (int i = 0; i < length; i++) {
      assertThat(masked[3 + i]).isEqualTo((byte) (plain[i] ^ (key >>> (i % 4 * 8))));
    }
    boolean ascii = true;
    for (byte b : plain) {
      ascii &= b >= 0;
    }
    assertThat(asciiFirst && asciiRest).isEqualTo(ascii);
    assertThat(Arrays.copyOf(masked, 3)).containsOnly(0);
  }
}
