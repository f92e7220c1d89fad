package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TypedAheadTest {
  private final TypedAhead line = new TypedAhead();

  private List<Answer> type(String keys) {
    return keys.chars().mapToObj(line::take).flatMap(Optional::stream).toList();
  }

  @Test
  void a_line_ends_with_enter() {
    assertThat(type("one\rtwo\nthree"))
        .containsExactly(new Answer.Line("one"), new Answer.Line("two"));
    assertThat(line.text()).isEqualTo("three");
  }

  @Test
  void backspace_takes_back_a_character_and_ctrl_u_the_line() {
    assertThat(type("ab\ud83d\ude00\u007f\b")).isEmpty();
    assertThat(line.text()).isEqualTo("a");
    assertThat(type("\b\b\bxyz\u0015")).isEmpty();
    assertThat(line.text()).isEmpty();
  }

  @Test
  void ctrl_c_and_ctrl_d_and_a_lost_terminal_are_told() {
    assertThat(type("a\u0003\u0004"))
        .containsExactly(new Answer.Interrupted(""), new Answer.Ended());
    assertThat(line.take(-1)).contains(new Answer.Ended());
  }

  @Test
  void keys_of_an_editor_leave_nothing() {
    assertThat(type("a\u001b[A\u001b[1;5C\u001b[3~\u001bOP\u001bfb\r"))
        .containsExactly(new Answer.Line("ab"));
  }

  @Test
  void alt_enter_breaks_the_line() {
    assertThat(type("a\u001b\rb\r")).containsExactly(new Answer.Line("a\nb"));
  }

  @Test
  void what_is_pasted_is_text_whatever_it_holds() {
    assertThat(type("say: \u001b[200~one\r\ntwo\rthr\u0003ee\u001b[A~\u001b[201~!")).isEmpty();
    assertThat(line.text()).isEqualTo("say: one\ntwo\nthree[A~!");
  }

  @Test
  void a_terminal_that_is_lost_in_a_paste_ends() {
    assertThat(type("\u001b[200~one")).isEmpty();
    assertThat(line.take(-1)).contains(new Answer.Ended());
  }
}
