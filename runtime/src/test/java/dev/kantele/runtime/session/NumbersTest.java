package dev.kantele.runtime.session;

import static dev.kantele.protocol.PromptPolicy.ENQUEUE;
import static dev.kantele.protocol.PromptPolicy.REJECT;
import static dev.kantele.runtime.session.TestSession.answer;
import static dev.kantele.runtime.session.TestSession.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.JournalRecord;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Command numbers and remembered replies. */
class NumbersTest {
  private static Reply.Nack nack(Step step) {
    return (Reply.Nack) reply(step);
  }

  /** An idle session, to which the client has sent one prompt with id and turn a. */
  private static TestSession afterOne() {
    TestSession session = Scenes.idle();
    session.prompt("a");
    session.finishes();
    return session;
  }

  @Nested
  class TheExpectedNumber {
    @Test
    void is_taken_and_the_next_is_told() {
      TestSession session = afterOne();

      Reply reply = reply(session.command(Commanding.prompt("x", 2, "n", ENQUEUE)));

      assertThat(((Reply.Ack) reply).body())
          .isEqualTo(new AckBody.PromptAccepted(new TurnId("n"), 0, 3));
    }

    @Test
    void stays_the_same_when_the_prompt_is_refused() {
      TestSession session = afterOne();
      session.prompt("b");

      assertThat(answer(session.command(Commanding.prompt("x", 3, "n", REJECT))))
          .isEqualTo("turn_running");

      assertThat(session.nextNumber()).isEqualTo(3);
      assertThat(answer(session.command(Commanding.prompt("y", 3, "n", ENQUEUE))))
          .isEqualTo("n at 1");
    }

    @Test
    void a_refused_command_is_judged_anew_when_it_comes_again() {
      TestSession session = afterOne();
      session.prompt("b");
      session.command(Commanding.prompt("x", 3, "n", REJECT));
      session.finishes();

      Step step = session.command(Commanding.prompt("x", 3, "n", REJECT));

      assertThat(answer(step)).isEqualTo("n at 0");
    }

    @Test
    void is_written_in_the_same_row_as_what_the_prompt_did() {
      TestSession session = Scenes.idle();

      Step step = session.command(Commanding.prompt("x", 1, "n", ENQUEUE));

      JournalRecord row = step.rows().getFirst();
      assertThat(row.remembered())
          .hasValueSatisfying(
              remembered -> {
                assertThat(remembered.client()).isEqualTo(TestSession.CLIENT);
                assertThat(remembered.numbered()).isTrue();
                assertThat(remembered.reply()).isEqualTo(reply(step));
              });
    }
  }

  @Nested
  class ALowerNumber {
    @Test
    void with_a_remembered_id_brings_the_first_reply_again_and_does_nothing() {
      TestSession session = afterOne();

      Step step = session.command(Commanding.prompt("a", 1, "a", ENQUEUE));

      assertThat(reply(step))
          .isEqualTo(
              new Reply.Ack(
                  new CommandId("a"), true, new AckBody.PromptAccepted(new TurnId("a"), 0, 2)));
      assertThat(step.rows()).isEmpty();
      assertThat(step.effects()).hasSize(1);
    }

    @Test
    void with_another_id_is_a_duplicate_and_the_expected_one_is_told() {
      TestSession session = afterOne();

      Step step = session.command(Commanding.prompt("x", 1, "n", ENQUEUE));

      assertThat(nack(step).error().code()).isEqualTo(ErrorCode.DUPLICATE_SEQUENCE);
      assertThat(nack(step).error().expected()).hasValue(2);
      assertThat(step.rows()).isEmpty();
    }

    @Test
    void with_an_id_of_long_ago_is_a_duplicate_too() {
      TestSession session = afterOne();
      LongStream.rangeClosed(2, 257)
          .forEach(
              number -> {
                session.prompt("t" + number);
                session.finishes();
              });

      assertThat(answer(session.command(Commanding.prompt("t2", 2, "t2", ENQUEUE))))
          .isEqualTo("again t2 at 0");
      assertThat(answer(session.command(Commanding.prompt("a", 1, "a", ENQUEUE))))
          .isEqualTo("duplicate_sequence");
    }
  }

  @Nested
  class AHigherNumber {
    @Test
    void is_a_gap_and_the_expected_one_is_told() {
      TestSession session = afterOne();

      Step step = session.command(Commanding.prompt("x", 3, "n", ENQUEUE));

      assertThat(nack(step).error().code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
      assertThat(nack(step).error().expected()).hasValue(2);
      assertThat(nack(step).error().retryable()).isTrue();
      assertThat(step.rows()).isEmpty();
    }

    @Test
    void is_a_gap_in_a_session_that_takes_no_prompt_any_more_too() {
      assertThat(answer(Scenes.closed().command(Commanding.prompt("x", 2, "n", ENQUEUE))))
          .isEqualTo("sequence_gap");
    }
  }

  @Nested
  class NoNumber {
    @Test
    void the_id_alone_guards_and_uses_no_number_up() {
      TestSession session = afterOne();

      assertThat(answer(session.command(Commanding.prompt("x", 0, "n", ENQUEUE))))
          .isEqualTo("n at 0");
      assertThat(answer(session.command(Commanding.prompt("x", 0, "n", ENQUEUE))))
          .isEqualTo("again n at 0");
      assertThat(session.nextNumber()).isEqualTo(2);
    }
  }

  @Nested
  class Clients {
    private final ClientKey other = new ClientKey("owner", new ClientId("other"));

    @Test
    void each_has_numbers_of_its_own() {
      TestSession session = afterOne();

      assertThat(answer(session.command(other, Commanding.prompt("a", 2, "n", ENQUEUE))))
          .isEqualTo("sequence_gap");
      assertThat(answer(session.command(other, Commanding.prompt("a", 1, "n", ENQUEUE))))
          .isEqualTo("n at 0");
    }

    @Test
    void a_reply_is_remembered_across_lives() {
      TestSession session = afterOne();
      session.recover();

      assertThat(answer(session.command(Commanding.prompt("a", 1, "a", ENQUEUE))))
          .isEqualTo("again a at 0");
      assertThat(session.nextNumber()).isEqualTo(2);
    }

    @Test
    void the_one_that_was_silent_for_longest_is_forgotten_for_the_65th() {
      TestSession session = afterOne();
      for (int i = 0; i < 63; i++) {
        prompt(session, "client" + i);
      }
      assertThat(session.nextNumber()).isEqualTo(2);

      prompt(session, "client63");

      assertThat(session.nextNumber()).isEqualTo(1);
    }

    @Test
    void one_that_speaks_again_is_not_forgotten() {
      TestSession session = afterOne();
      prompt(session, "client0");
      session.prompt("again");
      session.finishes();
      for (int i = 1; i < 64; i++) {
        prompt(session, "client" + i);
      }

      assertThat(session.nextNumber()).isEqualTo(3);
      assertThat(session.state().clients().of(key("client0")).next()).isEqualTo(1);
    }

    private ClientKey key(String client) {
      return new ClientKey("owner", new ClientId(client));
    }

    private void prompt(TestSession session, String client) {
      session.command(key(client), Commanding.prompt("x", 1, "of-" + client, ENQUEUE));
      session.finishes();
    }
  }

  @Nested
  class Owners {
    private final ClientKey stranger = new ClientKey("stranger", TestSession.CLIENT.client());

    @Test
    void nobody_else_gets_anything_done() {
      for (var command :
          List.of(
              Commanding.open("x"),
              Commanding.attach("x", 0),
              Commanding.prompt("x", 1, "n", ENQUEUE),
              Commanding.cancel("x"),
              Commanding.close("x"),
              Commanding.delete("x"),
              Commanding.status("x"))) {
        TestSession session = Scenes.streaming();

        Step step = session.command(stranger, command);

        assertThat(answer(step)).isEqualTo("forbidden");
        assertThat(step.rows()).isEmpty();
      }
    }
  }
}
