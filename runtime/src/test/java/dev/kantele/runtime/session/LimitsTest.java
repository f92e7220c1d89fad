package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.Input.StreamOutcome;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far one turn may go, and how it ends there. */
class LimitsTest {
  private static TestSession running(AgentLimits limits) {
    TestSession session = Scenes.idle();
    session.catalog.limits = limits;
    session.prompt("a");
    return session;
  }

  @Nested
  class ModelCalls {
    @Test
    void the_turn_completes_where_one_more_would_be_made() {
      TestSession session = running(Limits.modelCalls(2));
      session.asks("look");
      session.toolCompletes(0);
      session.asks("look");

      Step step = session.toolCompletes(0);

      assertThat(Shown.rows(step))
          .containsExactly("tool.completed s1-2.0", "turn.completed a limit model_calls");
      assertThat(session.transcript()).endsWith("tool: s1-2.0=done 0");
    }

    @Test
    void each_turn_has_its_own() {
      TestSession session = running(Limits.modelCalls(1));
      session.finishes();

      assertThat(told(session.prompt("b"))).endsWith("user: b");
    }
  }

  @Nested
  class ToolCalls {
    @Test
    void what_would_go_beyond_is_answered_and_not_started() {
      TestSession session = running(Limits.toolCalls(3));
      session.asks("look", "look");
      session.toolCompletes(0);
      session.toolCompletes(1);

      Step step = session.asks("look", "look");

      assertThat(session.shown(step))
          .containsExactly(
              "stream.completed s1-2",
              "tool.requested s1-2.0 look",
              "tool.requested s1-2.1 look",
              "tool.cancelled s1-2.0",
              "tool.cancelled s1-2.1",
              "turn.completed a limit tool_calls",
              "no wall time a");
      assertThat(session.transcript()).endsWith("tool: s1-2.0!cancelled s1-2.1!cancelled");
    }

    @Test
    void as_many_as_allowed_are_started() {
      TestSession session = running(Limits.toolCalls(2));

      assertThat(TestSession.toolRuns(session.asks("look", "look"))).hasSize(2);
    }
  }

  @Nested
  class Tokens {
    @Test
    void the_turn_completes_before_the_model_call_that_follows_them() {
      TestSession session = running(Limits.tokens(15));
      session.asks("look");

      Step step = session.toolCompletes(0);

      assertThat(Shown.rows(step))
          .containsExactly("tool.completed s1-1.0", "turn.completed a limit tokens");
      assertThat(session.events())
          .endsWith(
              new TurnCompleted(
                  new TurnId("a"),
                  StopReason.LIMIT,
                  Optional.of("tokens"),
                  new Usage(10, 5, 0),
                  Optional.empty()));
    }

    @Test
    void one_less_goes_on() {
      TestSession session = running(Limits.tokens(16));
      session.asks("look");

      assertThat(told(session.toolCompletes(0))).endsWith("tool: s1-1.0=done 0");
    }

    @Test
    void a_turn_that_is_done_is_not_stopped_for_them() {
      TestSession session = running(Limits.tokens(1));

      assertThat(Shown.rows(session.finishes())).endsWith("turn.completed a end");
    }
  }

  @Nested
  class WallTime {
    @Test
    void the_turn_is_stopped_and_completes_with_what_was_said() {
      TestSession session = Scenes.steered();
      session.says("hel");
      session.wallTime("a");

      Step step = session.ends(new StreamOutcome.Stopped());

      assertThat(Shown.rows(step))
          .containsExactly("stream.cancelled s1-1", "turn.completed a limit wall_time");
      assertThat(session.transcript()).containsExactly("user: a", "assistant: hel (partial)");
    }

    @Test
    void it_is_counted_from_the_start_of_the_turn_across_lives() {
      TestSession session = Scenes.streaming().pass(Duration.ofMinutes(5));

      assertThat(session.shown(session.recover())).contains("wall time a in 10m");
    }

    @Test
    void what_the_prompt_allows_goes_before_a_longer_limit_and_gives_its_name() {
      TestSession session = Scenes.idle();
      Step start =
          session.command(
              Commanding.within(Commanding.prompt("a", 1, "a", PromptPolicy.ENQUEUE), 90_000));
      assertThat(session.shown(start)).contains("wall time a in 1m30s");

      session.wallTime("a");
      Step step = session.ends(new StreamOutcome.Stopped());

      assertThat(Shown.rows(step)).contains("turn.completed a limit deadline");
    }

    @Test
    void the_prompt_can_not_allow_more_than_the_agent() {
      TestSession session = Scenes.idle();
      Step start =
          session.command(
              Commanding.within(Commanding.prompt("a", 1, "a", PromptPolicy.ENQUEUE), 16 * 60_000));
      assertThat(session.shown(start)).contains("wall time a in 15m");

      session.wallTime("a");

      assertThat(Shown.rows(session.ends(new StreamOutcome.Stopped())))
          .contains("turn.completed a limit wall_time");
    }

    @Test
    void the_timer_of_an_earlier_turn_does_nothing_to_the_next() {
      TestSession session = Scenes.streaming();
      session.finishes();

      assertThat(session.wallTime("a")).isEqualTo(Step.NOTHING);
    }

    @Test
    void what_joined_the_turn_becomes_the_next() {
      TestSession session = Scenes.steered("n");
      session.wallTime("a");

      Step step = session.ends(new StreamOutcome.Stopped());

      assertThat(told(step)).containsExactly("user: a", "user: n");
    }
  }

  @Nested
  class OfTheModel {
    @ParameterizedTest
    @CsvSource({"MAX_TOKENS, max_tokens", "REFUSAL, refusal", "CONTENT_FILTER, content_filter"})
    void a_message_that_was_cut_off_ends_the_turn_and_none_of_its_calls_starts(
        FinishReason reason, String stop) {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.says(new ModelEvent.ToolCallStarted(0, "mail"));

      Step step = session.finishes(reason, Usage.NONE);

      assertThat(session.shown(step))
          .containsExactly(
              "stream.completed s1-1",
              "tool.requested s1-1.0 mail",
              "tool.cancelled s1-1.0",
              "turn.completed a " + stop,
              "no wall time a");
      assertThat(session.transcript())
          .containsExactly("user: a", "assistant: mail?s1-1.0", "tool: s1-1.0!cancelled");
    }

    @Test
    void calls_are_made_whatever_else_the_model_gives_as_its_reason() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.says(new ModelEvent.ToolCallStarted(0, "look"));

      assertThat(TestSession.toolRuns(session.finishes(FinishReason.END, Usage.NONE))).hasSize(1);
    }
  }
}
