package dev.kantele.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  @Nested
  class Reading {
    @Test
    void values_are_read_by_their_type() {
      SettingsReader reader =
          reader(
              "name = a, list = [x, y], count = 3, wait = 2s, file = \"data/x\", inner { b = 1 }");

      assertThat(reader.string("name")).isEqualTo("a");
      assertThat(reader.strings("list")).containsExactly("x", "y");
      assertThat(reader.number("count", 1, 3)).isEqualTo(3);
      assertThat(reader.duration("wait", Duration.ZERO)).isEqualTo(Duration.ofSeconds(2));
      assertThat(reader.optionalPath("file")).contains(Path.of("data", "x"));
      assertThat(reader.block("inner").keys()).containsExactly("b");
    }

    @Test
    void what_is_null_is_not_there() {
      SettingsReader reader = reader("name = null, list = null");

      assertThat(reader.keys()).isEmpty();
      assertThat(reader.optionalString("name")).isEmpty();
      assertThat(reader.strings("list")).isEmpty();
      assertThat(reader.block("name").keys()).isEmpty();
    }

    @Test
    void defaults_fill_what_is_left_out() {
      SettingsReader reader = reader("a = 1").withDefaults(reader("a = 2, b = 3"));

      assertThat(reader.number("a", 0, 9)).isEqualTo(1);
      assertThat(reader.number("b", 0, 9)).isEqualTo(3);
    }

    @Test
    void a_key_may_hold_dots() {
      assertThat(reader("\"v1.0\" = x").string("v1.0")).isEqualTo("x");
    }
  }

  @Nested
  class Refusing {
    @Test
    void what_is_missing_is_named_with_its_full_key() {
      assertRefused(
          () -> reader("a = 1").block("inner").string("b"),
          "kantele.inner.b: missing (expected: a text)");
    }

    @Test
    void a_key_with_dots_is_quoted() {
      assertRefused(
          () -> reader("").block("v1.0").string("b"),
          "kantele.\"v1.0\".b: missing (expected: a text)");
    }

    @Test
    void a_number_out_of_range_is_named_with_its_bounds() {
      assertRefused(
          () -> reader("count = 4").number("count", 1, 3), "kantele.count: 4 (expected: 1..3)");
      assertRefused(
          () -> reader("count = 1e30").number("count", 1, 3),
          "kantele.count: 1.0E30 (expected: 1..3)");
      assertRefused(
          () -> reader("count = 1.5").number("count", 1, 3), "kantele.count: 1.5 (expected: 1..3)");
    }

    @Test
    void a_long_value_is_cut() {
      assertThatThrownBy(() -> reader("count = \"" + "x".repeat(500) + "\"").number("count", 1, 3))
          .message()
          .hasSizeLessThan(130);
    }

    private static void assertRefused(ThrowingCallable reading, String sentence) {
      assertThatThrownBy(reading).isInstanceOf(SettingsException.class).hasMessage(sentence);
    }
  }

  private static SettingsReader reader(String settings) {
    return SettingsReader.of(ConfigFactory.parseString(settings), "kantele");
  }
}
