package dev.kantele.runtime.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.tool.ArgumentPattern.Match;
import org.junit.jupiter.api.Test;

class ArgumentPatternTest {
  @Test
  void all_of_the_text_must_match() {
    ArgumentPattern pattern = ArgumentPattern.of("src/.*");

    assertThat(pattern.match("src/a.txt")).isEqualTo(Match.YES);
    assertThat(pattern.match("/etc/src/a.txt")).isEqualTo(Match.NO);
  }

  @Test
  void a_line_break_hides_nothing() {
    assertThat(ArgumentPattern.of(".*rm -rf.*").match("ls\nrm -rf /")).isEqualTo(Match.YES);
  }

  @Test
  void in_a_glob_only_star_and_question_mark_mean_more_than_themselves() {
    assertThat(ArgumentPattern.ofGlob("file_*").match("file_read")).isEqualTo(Match.YES);
    assertThat(ArgumentPattern.ofGlob("p?y").match("pay")).isEqualTo(Match.YES);
    assertThat(ArgumentPattern.ofGlob("p?y").match("play")).isEqualTo(Match.NO);
    assertThat(ArgumentPattern.ofGlob("a.c").match("abc")).isEqualTo(Match.NO);
  }

  @Test
  void a_match_that_takes_too_long_is_given_up() {
    assertThat(ArgumentPattern.of("(.*a){12}").match("a".repeat(64) + "b"))
        .isEqualTo(Match.UNDECIDED);
  }

  @Test
  void a_match_that_goes_too_deep_is_given_up() {
    assertThat(ArgumentPattern.of("(a|b)*c").match("ab".repeat(200_000)))
        .isEqualTo(Match.UNDECIDED);
  }
}
