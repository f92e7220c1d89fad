package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.answer;
import static dev.kantele.runtime.session.TestSession.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.Input.ToolOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Cancel: of what runs, of what waits, of what has not come yet. */
class CancelTest {
  private static Duration left(TestSession session) {
    return Duration.between(session.now(), session.turn().ending().orElseThrow().deadline());
  }

  @Nested
  class OfARunningTurn {
    @Test
    void says_why() {
      TestSession session = Scenes.streaming();
      session.command(
          new Command.Cancel(
              new CommandId("x"),
              TestSession.ID,
              Optional.empty(),
              Optional.of("enough"),
              OptionalLong.empty()));

      session.ends(new StreamOutcome.Stopped());

      assertThat(session.events())
          .contains(new TurnCancelled(new TurnId("a"), Optional.of("enough"), List.of(), false));
    }

    @Test
    void ends_within_the_deadline_that_the_client_sets() {
      TestSession session = Scenes.streaming();

      session.command(Commanding.cancelWithin("x", 300));

      assertThat(left(session)).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void may_be_hurried_but_not_put_off() {
      TestSession session = Scenes.streaming();
      session.command(Commanding.cancelWithin("x", 10_000));

      Step later = session.command(Commanding.cancelWithin("y", 20_000));
      assertThat(later.rows()).isEmpty();
      assertThat(left(session)).isEqualTo(Duration.ofSeconds(10));

      Step sooner = session.command(Commanding.cancelWithin("z", 0));
      assertThat(session.shown(sooner)).contains("deadline a in 0s");
      assertThat(left(session)).isZero();
    }

    @Test
    void keeps_its_first_reason_when_it_is_hurried() {
      TestSession session = Scenes.streaming();
      session.wallTime("a");

      session.command(Commanding.cancelWithin("x", 100));
      session.ends(new StreamOutcome.Stopped());

      assertThat(Shown.event(session.events().get(session.events().size() - 3)))
          .isEqualTo("turn.completed a limit wall_time");
    }

    @Test
    void takes_no_deadline_beyond_ten_minutes() {
      TestSession session = Scenes.streaming();

      assertThat(answer(session.command(Commanding.cancelWithin("x", 600_001))))
          .isEqualTo("invalid_argument");
      assertThat(session.turn().ending()).isEmpty();
      assertThat(answer(session.command(Commanding.cancelWithin("x", 600_000)))).isEqualTo("done");
    }

    @Test
    void takes_in_what_a_tool_still_has_to_say_at_its_end() {
      TestSession session = Scenes.endingTools();

      session.toolCompletes(0);
      Step step = session.toolEnds(1, new ToolOutcome.Stopped(true));

      assertThat(Shown.rows(step)).containsExactly("tool.cancelled s1-1.1", "turn.cancelled a");
      assertThat(session.transcript())
          .containsExactly(
              "user: a",
              "assistant: look?s1-1.0 mail?s1-1.1",
              "tool: s1-1.0=done 0 s1-1.1!cancelled");
    }

    @Test
    void shows_nothing_that_the_model_says_after_it() {
      TestSession session = Scenes.endingStream();

      assertThat(session.says("lo")).isEqualTo(Step.NOTHING);
      session.ends(new StreamOutcome.Stopped());

      assertThat(session.transcript()).startsWith("user: a", "assistant: hel (partial)");
    }
  }

  @Nested
  class AtTheDeadline {
    @Test
    void what_has_not_ended_is_abandoned_and_its_late_outcome_is_dropped() {
      TestSession session = Scenes.endingTools();
      session.toolCompletes(0);

      Step step = session.deadline("a");

      assertThat(session.shown(step))
          .containsExactly(
              "tool.unknown s1-1.1",
              "turn.cancelled a abandoned [s1-1.1]",
              "abandon s1-1.1",
              "no wall time a",
              "no deadline a");
      assertThat(session.toolCompletes(1)).isEqualTo(Step.NOTHING);
    }

    @Test
    void the_next_turn_does_not_get_the_outcome_of_an_abandoned_stream() {
      TestSession session = Scenes.endingStream();
      var abandoned = session.stream();
      session.deadline("a");

      Step late = session.give(new Input.StreamEnded(abandoned, new StreamOutcome.Stopped()));

      assertThat(late).isEqualTo(Step.NOTHING);
      assertThat(session.turn().request().turn()).isEqualTo(new TurnId("b"));
    }

    @Test
    void the_timer_of_an_earlier_turn_does_nothing_to_the_next() {
      TestSession session = Scenes.endingStream();
      session.ends(new StreamOutcome.Stopped());
      session.cancel();

      assertThat(session.deadline("a")).isEqualTo(Step.NOTHING);
    }
  }

  @Nested
  class OfAWaitingTurn {
    @Test
    void takes_it_from_the_queue_for_good() {
      TestSession session = Scenes.streaming();

      session.command(Commanding.cancel("x", "b"));
      Step step = session.finishes();

      assertThat(Shown.rows(step)).containsExactly("stream.completed s1-1", "turn.completed a end");
      assertThat(session.transcript()).containsExactly("user: a", "assistant: hel");
    }

    @Test
    void leaves_the_running_one_alone() {
      TestSession session = Scenes.streaming();

      session.command(Commanding.cancel("x", "b"));

      assertThat(session.turn().ending()).isEmpty();
    }
  }

  @Nested
  class OfATurnThatHasNotCome {
    @Test
    void refuses_its_prompt() {
      TestSession session = Scenes.idle();
      session.command(Commanding.cancel("x", "n"));

      Step step = session.prompt("n");

      assertThat(answer(step)).isEqualTo("turn_cancelled");
      assertThat(step.rows()).isEmpty();
      assertThat(session.nextNumber()).isEqualTo(1);
    }

    @Test
    void is_remembered_across_lives() {
      TestSession session = Scenes.idle();
      session.command(Commanding.cancel("x", "n"));
      session.recover();

      assertThat(answer(session.prompt("n"))).isEqualTo("turn_cancelled");
    }

    @Test
    void is_written_once() {
      TestSession session = Scenes.idle();
      session.command(Commanding.cancel("x", "n"));

      assertThat(session.command(Commanding.cancel("y", "n")).rows()).isEmpty();
    }

    @Test
    void is_remembered_for_64_turns() {
      TestSession session = Scenes.idle();
      for (int i = 0; i <= 64; i++) {
        session.command(Commanding.cancel("x" + i, "n" + i));
      }

      assertThat(answer(session.prompt("n1"))).isEqualTo("turn_cancelled");
      assertThat(answer(session.prompt("n0"))).isEqualTo("n0 at 0");
    }
  }

  @Nested
  class OfATurnThatEnded {
    @Test
    void changes_nothing() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.finishes();

      Step step = session.command(Commanding.cancel("x", "a"));

      assertThat(answer(step)).isEqualTo("done");
      assertThat(step.rows()).isEmpty();
    }
  }

  @Nested
  class WhileARetryIsAwaited {
    @Test
    void the_turn_ends_at_once_and_the_retry_does_not_come() {
      TestSession session = Scenes.retrying();
      session.prompt("b");

      Step step = session.cancel();

      assertThat(told(step)).containsExactly("user: a", "user: b");
      assertThat(session.give(new Input.TimerFired(retryOfTheFirst()))).isEqualTo(Step.NOTHING);
    }

    private Input.Timer retryOfTheFirst() {
      return new Input.Timer.Retry(new StreamId("s1-1"));
    }
  }
}
