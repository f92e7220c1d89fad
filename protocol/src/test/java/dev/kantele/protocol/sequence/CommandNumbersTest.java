package dev.kantele.protocol.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.sequence.CommandNumbers.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CommandNumbersTest {
  private static final OptionalLong NONE = OptionalLong.empty();

  private static CommandId id(long number) {
    return new CommandId("c" + number);
  }

  private static Reply.Ack ack(long number) {
    return Reply.Ack.of(
        id(number), new AckBody.PromptAccepted(new TurnId("t" + number), 0, number + 1));
  }

  private static CommandNumbers afterAcks(int count) {
    CommandNumbers numbers = CommandNumbers.START;
    for (int i = 1; i <= count; i++) {
      numbers = numbers.acked(ack(i));
    }
    return numbers;
  }

  private static Reply.Ack again(long number) {
    return new Reply.Ack(id(number), /* duplicate= */ true, ack(number).body());
  }

  @Test
  void the_expected_number_is_taken() {
    assertThat(CommandNumbers.START.decide(OptionalLong.of(1), id(1)))
        .isEqualTo(new Verdict.Take());
    assertThat(afterAcks(3).decide(OptionalLong.of(4), id(4))).isEqualTo(new Verdict.Take());
  }

  @Test
  void a_refused_command_leaves_its_number_to_the_next() {
    CommandNumbers numbers = afterAcks(3);

    assertThat(numbers.decide(OptionalLong.of(4), id(4))).isEqualTo(new Verdict.Take());
    assertThat(numbers.decide(OptionalLong.of(4), id(5))).isEqualTo(new Verdict.Take());
  }

  @Test
  void a_lower_number_with_a_remembered_id_gets_its_reply_again() {
    assertThat(afterAcks(3).decide(OptionalLong.of(2), id(2)))
        .isEqualTo(new Verdict.Repeat(again(2)));
  }

  @Test
  void a_remembered_id_gets_its_reply_again_whatever_its_number() {
    CommandNumbers numbers = afterAcks(3);

    assertThat(numbers.decide(OptionalLong.of(4), id(2))).isEqualTo(new Verdict.Repeat(again(2)));
    assertThat(numbers.decide(OptionalLong.of(9), id(2))).isEqualTo(new Verdict.Repeat(again(2)));
  }

  @Test
  void a_lower_number_with_another_id_is_a_duplicate() {
    assertThat(afterAcks(3).decide(OptionalLong.of(3), id(7)))
        .isEqualTo(new Verdict.DuplicateSequence(4));
  }

  @Test
  void a_higher_number_is_a_gap() {
    assertThat(afterAcks(3).decide(OptionalLong.of(5), id(5))).isEqualTo(new Verdict.Gap(4));
  }

  @Test
  void without_a_number_the_id_alone_decides() {
    assertThat(afterAcks(3).decide(NONE, id(2))).isEqualTo(new Verdict.Repeat(again(2)));
    assertThat(afterAcks(3).decide(NONE, id(7))).isEqualTo(new Verdict.Take());
  }

  @Test
  void the_oldest_of_257_replies_is_forgotten() {
    CommandNumbers numbers = afterAcks(257);

    assertThat(numbers.next()).isEqualTo(258);
    assertThat(numbers.remembered()).hasSize(256).startsWith(ack(2)).endsWith(ack(257));
    assertThat(numbers.decide(OptionalLong.of(1), id(1)))
        .isEqualTo(new Verdict.DuplicateSequence(258));
    assertThat(numbers.decide(NONE, id(1))).isEqualTo(new Verdict.Take());
  }

  @Test
  void a_command_without_a_number_is_remembered_and_uses_none_up() {
    CommandNumbers numbers = afterAcks(3).remember(ack(9));

    assertThat(numbers.next()).isEqualTo(4);
    assertThat(numbers.decide(NONE, id(9))).isEqualTo(new Verdict.Repeat(again(9)));
  }

  @Test
  void an_ack_changes_the_new_value_only() {
    CommandNumbers before = afterAcks(1);
    CommandNumbers after = before.acked(ack(2));

    assertThat(before).isEqualTo(afterAcks(1));
    assertThat(after).isEqualTo(afterAcks(2));
  }

  @Test
  void more_than_256_replies_are_refused() {
    assertThatThrownBy(
            () -> new CommandNumbers(1, new ArrayList<>(Collections.nCopies(257, ack(1)))))
        .hasMessage("remembered: 257 (expected: at most 256)");
  }
}
