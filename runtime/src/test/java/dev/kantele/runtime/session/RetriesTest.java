package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.modelCall;
import static dev.kantele.runtime.session.TestSession.told;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
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
                  new Message(Role.ASSISTANT, List.of(new Part.Text("hel")), true)));
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
