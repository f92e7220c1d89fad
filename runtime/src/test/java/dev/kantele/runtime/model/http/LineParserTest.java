package dev.kantele.runtime.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

final class LineParserTest {
  private final LineParser parser = new LineParser(12);
  private final List<String> lines = new ArrayList<>();

  private boolean accept(String piece) {
    return parser.accept(ByteString.fromString(piece), event -> lines.add(event.data()));
  }

  @Test
  void each_line_that_is_not_blank_is_an_event() {
    assertThat(accept("{\"a\":1}\r\n\n \n{}\n")).isTrue();

    assertThat(lines).containsExactly("{\"a\":1}", "{}");
  }

  @Test
  void a_line_may_come_byte_by_byte_in_any_script() {
    for (byte each : "\"é世🎻\"\n".getBytes(StandardCharsets.UTF_8)) {
      parser.accept(ByteString.fromArray(new byte[] {each}), event -> lines.add(event.data()));
    }

    assertThat(lines).containsExactly("\"é世🎻\"");
  }

  @Test
  void a_line_that_the_end_cuts_off_is_none() {
    assertThat(accept("{}\n{")).isTrue();

    assertThat(lines).containsExactly("{}");
  }

  @Test
  void a_line_that_is_too_long_ends_it() {
    assertThat(accept("123456789012\n")).isTrue();
    assertThat(accept("1234567890123")).isFalse();
    assertThat(lines).containsExactly("123456789012");
  }
}
