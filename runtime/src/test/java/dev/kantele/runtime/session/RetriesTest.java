package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.modelCall;
import static dev.kantele.runtime.session.TestSession.told;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.Input.StreamOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What becomes of a turn whose model stream broke. */
class RetriesTest {
  private static final Failure BROKEN = new Failure("broken", "the line is dead", true);

  @Nested
  class Retryable {
    @Test
    void the_failed_stream_ends_with_what_it_said() {
      TestSession session = Scenes.retrying();

      assertThat(session.events())
          .endsWith(
              new StreamFailed(
                  new TurnId("a"),
                  new StreamId("s1-1"),
                  BROKEN,
                  true,
                  Optional.of(TestSession.START.plus(firstPause())),
                  Optional.empty(),
                  new Message(Role.ASSISTANT, List.of(new Part.Text("hel")), true)));
    }

    private Duration firstPause() {
      var failed = new OpenTurn.OpenStream(new StreamId("s1-1"), TestCatalog.MODEL, 1);
      return RetryPause.after(failed, OpenTurn.Retries.NONE, Optional.empty(), AgentLimits.DEFAULT)
          .orElseThrow();
    }

    @Test
    void the_next_attempt_supersedes_it_and_is_told_nothing_of_it() {
      TestSession session = Scenes.retrying();

      Step step = session.retries();

      assertThat(session.events())
          .endsWith(
              new StreamStarted(
                  new TurnId("a"),
                  new StreamId("s1-2"),
                  TestCatalog.MODEL,
                  2,
                  Optional.of(new StreamId("s1-1"))));
      assertThat(modelCall(step).request().attempt()).isEqualTo(2);
      assertThat(told(step)).containsExactly("user: a");
    }

    @Test
    void it_comes_after_a_pause_that_doubles_with_each_attempt() {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.attempts(4);
      session.prompt("a");

      assertThat(pause(session, session.breaks(true))).isBetween(ofMillis(250), ofMillis(500));
      session.retries();
      assertThat(pause(session, session.breaks(true))).isBetween(ofMillis(500), ofSeconds(1));
      session.retries();
      assertThat(pause(session, session.breaks(true))).isBetween(ofSeconds(1), ofSeconds(2));
    }

    @Test
    void the_pause_that_the_vendor_asks_for_comes_on_top() {
      TestSession session = Scenes.idle();
      session.prompt("a");

      Step step =
          session.ends(new StreamOutcome.Broke(BROKEN, Optional.of(Duration.ofSeconds(30))));

      assertThat(pause(session, step)).isBetween(ofMillis(30_250), ofMillis(30_500));
    }

    @Test
    void one_that_the_turn_would_not_live_to_see_is_not_waited_for() {
      TestSession session = Scenes.steered().pass(Duration.ofMinutes(14).plusSeconds(45));

      Step step =
          session.ends(new StreamOutcome.Broke(BROKEN, Optional.of(Duration.ofSeconds(30))));

      assertThat(Shown.rows(step))
          .containsExactly("stream.failed s1-1 broken", "turn.failed a broken");
    }

    private Duration pause(TestSession session, Step step) {
      return step.effects().stream()
          .filter(Effect.StartTimer.class::isInstance)
          .map(effect -> Duration.between(session.now(), ((Effect.StartTimer) effect).at()))
          .findFirst()
          .orElseThrow();
    }

    @Test
    void after_the_last_attempt_the_turn_fails_and_keeps_what_that_one_said() {
      TestSession session = Scenes.retrying();
      session.retries();
      session.breaks(true);
      session.retries();
      session.says("halfway");

      Step step = session.breaks(true);

      assertThat(Shown.rows(step))
          .containsExactly("stream.failed s1-3 broken", "turn.failed a broken");
      assertThat(session.transcript()).containsExactly("user: a", "assistant: halfway (partial)");
    }

    @Test
    void a_later_step_of_the_turn_has_its_attempts_anew() {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.attempts(2);
      session.prompt("a");
      session.breaks(true);
      session.retries();
      session.asks("look");
      session.toolCompletes(0);

      assertThat(session.shown(session.breaks(true))).contains("retry s1-3 soon");
    }

    @Test
    void an_attempt_is_no_model_call_of_its_own_to_the_limits() {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.modelCalls(1);
      session.prompt("a");
      session.breaks(true);

      assertThat(Shown.rows(session.retries())).containsExactly("stream.started s1-2 #2 for s1-1");
      assertThat(session.turn().modelCalls()).isEqualTo(1);
    }

    @Test
    void a_timer_of_another_stream_does_not_start_it() {
      TestSession session = Scenes.retrying();

      Step step = session.fires(new Input.Timer.Retry(new StreamId("s1-0")));

      assertThat(step).isEqualTo(Step.NOTHING);
    }

    @Test
    void a_timer_that_fires_twice_starts_it_once() {
      TestSession session = Scenes.retrying();
      var timer = new Input.Timer.Retry(new StreamId("s1-1"));
      session.fires(timer);

      assertThat(session.fires(timer)).isEqualTo(Step.NOTHING);
    }

    @Test
    void a_model_that_is_gone_by_then_fails_the_turn() {
      TestSession session = Scenes.retrying();
      session.catalog.gone = TestCatalog.MODEL;

      assertThat(Shown.rows(session.retries())).containsExactly("turn.failed a model_not_found");
    }
  }

  /** What a turn may spend on retries, whichever of its steps they are for. */
  @Nested
  class TheBudgetOfATurn {
    private final TestSession session = Scenes.idle();

    private List<String> breaksAskingFor(Duration pause) {
      return Shown.rows(session.ends(new StreamOutcome.Broke(BROKEN, Optional.of(pause))));
    }

    @Test
    void is_a_number_of_retries_over_all_its_steps() {
      session.catalog.limits = Limits.retries(2, Duration.ofHours(1));
      session.prompt("a");
      session.breaks(true);
      session.retries();
      session.asks("look");
      session.toolCompletes(0);
      session.breaks(true);
      session.retries();
      session.asks("look");
      session.toolCompletes(0);

      assertThat(Shown.rows(session.breaks(true)))
          .containsExactly("stream.failed s1-5 broken", "turn.failed a broken");
    }

    @Test
    void is_the_time_of_their_pauses_together_as_vendors_ask_for_them() {
      session.catalog.limits = Limits.retries(100, ofSeconds(60));
      session.prompt("a");

      assertThat(breaksAskingFor(ofSeconds(29))).containsExactly("stream.failed s1-1 broken again");
      session.retries();
      session.asks("look");
      session.toolCompletes(0);
      assertThat(breaksAskingFor(ofSeconds(29))).containsExactly("stream.failed s1-3 broken again");
      session.retries();
      assertThat(breaksAskingFor(ofSeconds(3)))
          .containsExactly("stream.failed s1-4 broken", "turn.failed a broken");
    }

    @Test
    void is_not_eaten_up_by_a_pause_that_is_too_long_for_it() {
      session.catalog.limits = Limits.retries(100, ofSeconds(30));
      session.prompt("a");

      assertThat(breaksAskingFor(ofSeconds(30))).contains("turn.failed a broken");
      session.prompt("b");
      assertThat(breaksAskingFor(ofSeconds(29))).containsExactly("stream.failed s1-2 broken again");
    }

    @Test
    void is_that_of_the_next_turn_anew() {
      session.catalog.limits = Limits.retries(1, Duration.ofHours(1));
      session.prompt("a");
      session.breaks(true);
      session.retries();
      session.finishes();
      session.prompt("b");

      assertThat(Shown.rows(session.breaks(true)))
          .containsExactly("stream.failed s1-3 broken again");
    }

    @Test
    void is_known_after_a_restart_and_spent_by_lost_streams_too() {
      session.catalog.limits = Limits.retries(2, Duration.ofHours(1));
      session.prompt("a");
      session.breaks(true);
      session.recover();

      assertThat(Shown.rows(session.recover())).contains("stream.started s3-3 #3 for s2-2");
      assertThat(session.turn().retries().made()).isEqualTo(2);
      assertThat(Shown.rows(session.recover()))
          .containsExactly("session.recovered", "stream.failed s3-3 lost", "turn.failed a lost");
    }

    @Test
    void may_be_none() {
      session.catalog.limits = Limits.retries(0, Duration.ofHours(1));
      session.prompt("a");

      assertThat(Shown.rows(session.breaks(true))).contains("turn.failed a broken");
    }
  }

  @Nested
  class Refused {
    @Test
    void what_it_cost_counts_as_the_turns() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.ends(
          new StreamOutcome.Broke(BROKEN, Optional.empty(), Optional.of(new Usage(7, 3, 1))));
      session.retries();

      session.finishes(FinishReason.END, new Usage(10, 5, 0));

      assertThat(session.events())
          .endsWith(
              new TurnCompleted(
                  new TurnId("a"),
                  StopReason.END,
                  Optional.empty(),
                  new Usage(17, 8, 1),
                  Optional.empty()));
    }
  }

  @Nested
  class NotRetryable {
    @Test
    void the_turn_fails_at_once_with_what_was_used_before() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.asks("look");
      session.toolCompletes(0);

      session.breaks(false);

      assertThat(session.events())
          .endsWith(
              new TurnFailed(
                  new TurnId("a"),
                  new Failure("broken", "the line is dead", false),
                  new Usage(10, 5, 0)));
    }

    @Test
    void a_tool_call_that_was_cut_off_is_not_kept() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.says("hel");
      session.says(new ModelEvent.ToolCallStarted(1, "mail"));

      session.breaks(false);

      assertThat(session.transcript()).containsExactly("user: a", "assistant: hel (partial)");
    }

    @Test
    void a_stream_that_said_nothing_leaves_nothing() {
      TestSession session = Scenes.idle();
      session.prompt("a");

      session.breaks(false);

      assertThat(session.transcript()).containsExactly("user: a");
    }
  }

  @Nested
  class Lost {
    @Test
    void a_lost_stream_is_called_again_at_once() {
      TestSession session = Scenes.streaming();

      Step step = session.recover();

      assertThat(Shown.rows(step))
          .containsExactly(
              "session.recovered",
              "stream.failed s1-1 lost again",
              "stream.started s2-2 #2 for s1-1");
      assertThat(told(step)).containsExactly("user: a");
    }

    @Test
    void losing_it_uses_attempts_up() {
      TestSession session = Scenes.streaming();
      session.recover();
      session.recover();

      assertThat(Shown.rows(session.recover()))
          .startsWith("session.recovered", "stream.failed s3-3 lost", "turn.failed a lost");
    }

    @Test
    void an_awaited_retry_is_made_at_once() {
      TestSession session = Scenes.retrying();

      assertThat(Shown.rows(session.recover())).containsExactly("stream.started s2-2 #2 for s1-1");
    }
  }
}
