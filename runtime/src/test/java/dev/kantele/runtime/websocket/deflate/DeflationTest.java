package dev.kantele.runtime.websocket.deflate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeflationTest {
  private static byte[] deflated(Deflation deflation, byte[] message) {
    int bytes = deflation.deflate(message, 0, message.length, /* last= */ true);
    return Arrays.copyOf(deflation.output(), bytes);
  }

  private static byte[] inflated(Inflation inflation, byte[] message) throws DataFormatException {
    var out = new ByteArrayOutputStream();
    inflation.offer(message, 0, message.length);
    drain(inflation, out);
    inflation.offerEnd();
    drain(inflation, out);
    inflation.endMessage();
    return out.toByteArray();
  }

  private static void drain(Inflation inflation, ByteArrayOutputStream out)
      throws DataFormatException {
    byte[] buffer = new byte[50];
    for (int n = inflation.inflate(buffer, 0, 50); n > 0; n = inflation.inflate(buffer, 0, 50)) {
      out.write(buffer, 0, n);
    }
  }

  /** Text with repetitions near and far. */
  private static byte[] message(Random random, int length) {
    var text = new StringBuilder();
    while (text.length() < length) {
      text.append("{\"type\":\"text.delta\",\"seq\":").append(random.nextInt(2_000)).append("},");
    }
    return text.substring(0, length).getBytes(UTF_8);
  }

  @Property(tries = 60)
  void messages_are_inflated_again_with_no_reference_beyond_the_window(
      @ForAll @IntRange(min = 8, max = 15) int windowBits,
      @ForAll boolean keepsContext,
      @ForAll @IntRange(min = 1, max = 9) int level,
      @ForAll long seed)
      throws DataFormatException {
    var random = new Random(seed);
    var reference = new SmallInflater();
    try (var deflation = new Deflation(level, keepsContext, windowBits);
        var inflation = new Inflation(keepsContext)) {
      for (int i = 0; i < 4; i++) {
        byte[] message = message(random, random.nextInt(1_500));
        byte[] compressed = deflated(deflation, message);

        assertThat(inflated(inflation, compressed)).isEqualTo(message);
        assertThat(reference.message(compressed)).isEqualTo(message);
      }
    }
    assertThat(reference.farthest()).isLessThanOrEqualTo(1 << windowBits);
  }

  @Property(tries = 500)
  void any_bytes_end_in_a_message_or_in_a_fault(@ForAll byte[] bytes, @ForAll boolean kept) {
    try (var inflation = new Inflation(kept)) {
      assertThat(inflated(inflation, bytes)).isNotNull();
    } catch (DataFormatException e) {
      assertThat(e).isNotNull();
    }
  }

  @Nested
  class Deflated {
    @Test
    void messages_refer_to_those_before_them_only_where_the_context_is_kept() {
      byte[] message = message(new Random(1), 500);
      try (var kept = new Deflation(1, true, 15);
          var dropped = new Deflation(1, false, 15)) {
        assertThat(deflated(kept, message)).isEqualTo(deflated(dropped, message));
        assertThat(deflated(kept, message)).hasSizeLessThan(40);
        assertThat(deflated(dropped, message)).hasSizeGreaterThan(80);
      }
    }

    @Test
    void an_empty_message_is_one_byte_wherever_it_comes() {
      try (var deflation = new Deflation(1, true, 15)) {
        assertThat(deflated(deflation, new byte[0])).containsExactly(0);
        deflated(deflation, new byte[3]);
        assertThat(deflated(deflation, new byte[0])).containsExactly(0);
      }
    }

    @Test
    void the_example_of_the_rfc_comes_out() {
      try (var deflation = new Deflation(6, true, 15)) {
        assertThat(deflated(deflation, "Hello".getBytes(UTF_8)))
            .isEqualTo(HexFormat.of().parseHex("f248cdc9c90700"));
        assertThat(deflated(deflation, "Hello".getBytes(UTF_8)))
            .isEqualTo(HexFormat.of().parseHex("f200110000"));
      }
    }

    @Test
    void nothing_is_after_the_end() {
      var deflation = new Deflation(1, true, 15);
      deflated(deflation, new byte[10]);

      deflation.close();
      deflation.close();

      assertThatThrownBy(() -> deflated(deflation, new byte[1]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("closed (expected: open)");
    }
  }

  /** The examples of RFC 7692, section 7.2.3, and what is not allowed. */
  @Nested
  class Inflated {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void examples_of_the_rfc(boolean keepsContext) throws DataFormatException {
      for (String hex :
          List.of(
              "f248cdc9c90700",
              "000500faff48656c6c6f00",
              "f348cdc9c9070000",
              "f24805000000ffffcac9c90700")) {
        try (var inflation = new Inflation(keepsContext)) {
          assertThat(inflated(inflation, HexFormat.of().parseHex(hex)))
              .asString(UTF_8)
              .isEqualTo("Hello");
          assertThat(inflated(inflation, HexFormat.of().parseHex(hex)))
              .asString(UTF_8)
              .isEqualTo("Hello");
        }
      }
    }

    @Test
    void a_reference_to_an_earlier_message_where_the_context_is_kept() throws DataFormatException {
      byte[] first = HexFormat.of().parseHex("f248cdc9c90700");
      byte[] second = HexFormat.of().parseHex("f200110000");
      try (var kept = new Inflation(true);
          var dropped = new Inflation(false)) {
        inflated(kept, first);
        inflated(dropped, first);

        assertThat(inflated(kept, second)).asString(UTF_8).isEqualTo("Hello");
        assertThatThrownBy(() -> inflated(dropped, second)).isInstanceOf(DataFormatException.class);
      }
    }

    @Test
    void blocks_that_are_marked_as_the_last_one_in_any_number() throws DataFormatException {
      String hello = "f348cdc9c90700";
      try (var inflation = new Inflation(true)) {
        assertThat(inflated(inflation, HexFormat.of().parseHex(hello + hello + hello + "00")))
            .asString(UTF_8)
            .isEqualTo("HelloHelloHello");
        assertThat(inflated(inflation, HexFormat.of().parseHex(hello))).hasSize(5);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"07", "ff", "f248cdc9", "000500faff4865", "f248cdc9c907", "00ff0000ff48"})
    void nothing_of_what_is_cut_short_or_no_deflate(String hex) {
      try (var inflation = new Inflation(false)) {
        assertThatThrownBy(() -> inflated(inflation, HexFormat.of().parseHex(hex)))
            .isInstanceOf(DataFormatException.class);
      }
    }
  }
}
