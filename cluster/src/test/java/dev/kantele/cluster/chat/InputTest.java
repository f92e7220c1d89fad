package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InputTest {
  @Test
  void a_text_is_a_prompt() {
    assertThat(Input.parse("  What is 2 / 3? ")).isEqualTo(new Input.Say("What is 2 / 3?"));
  }

  @Test
  void a_backslash_before_a_line_break_goes() {
    assertThat(Input.parse("one \\\ntwo")).isEqualTo(new Input.Say("one \ntwo"));
  }

  @Test
  void white_space_is_nothing() {
    assertThat(Input.parse(" \n ")).isEqualTo(new Input.Nothing());
  }

  @Test
  void a_slash_begins_a_command_with_what_follows_it() {
    assertThat(Input.parse("/model  acme/large "))
        .isEqualTo(new Input.Slash(SlashCommand.MODEL, "acme/large"));
    assertThat(Input.parse("/help")).isEqualTo(new Input.Slash(SlashCommand.HELP, ""));
  }

  @Test
  void a_command_that_there_is_not_is_no_prompt() {
    assertThat(Input.parse("/sing a song")).isEqualTo(new Input.UnknownSlash("/sing"));
  }

  @Test
  void two_slashes_and_several_lines_are_a_prompt() {
    assertThat(Input.parse("//etc")).isEqualTo(new Input.Say("/etc"));
    assertThat(Input.parse("/etc\n/usr")).isEqualTo(new Input.Say("/etc\n/usr"));
  }

  @Test
  void help_has_every_command() {
    for (SlashCommand command : SlashCommand.values()) {
      assertThat(SlashCommand.help()).contains("  " + command.text());
    }
  }

  @Test
  void a_command_is_completed_from_its_beginning_and_resume_by_ids() {
    assertThat(Completions.of("/re", List::of)).containsExactly("/resume");
    assertThat(Completions.of("/resume de", () -> List.of("demo", "other")))
        .containsExactly("demo");
    assertThat(Completions.of("hello", () -> List.of("hello-1"))).isEmpty();
  }
}
