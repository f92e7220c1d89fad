package dev.kantele.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.render.Style;
import java.nio.charset.Charset;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
  @ParameterizedTest
  @CsvSource({
    "true,  UTF-8,      '',       '', true,  true",
    "false, UTF-8,      '',       '', false, true",
    "true,  US-ASCII,   '',       '', true,  false",
    "true,  ISO-8859-1, '',       '', true,  false",
    "true,  UTF-8,      NO_COLOR, 1,  false, true",
    "true,  UTF-8,      NO_COLOR, '', true,  true",
    "true,  UTF-8,      TERM,   dumb, false, true",
    "true,  UTF-8,      TERM,  xterm, true,  true"
  })
  void colours_need_a_terminal_and_signs_need_unicode(
      boolean terminal,
      String charset,
      String variable,
      String value,
      boolean colour,
      boolean unicode) {
    assertThat(Screen.style(Map.of(variable, value), terminal, Charset.forName(charset)))
        .isEqualTo(new Style(colour, unicode));
  }
}
