package dev.kantele.runtime.session;

import static dev.kantele.protocol.PromptPolicy.ENQUEUE;
import static dev.kantele.protocol.PromptPolicy.INTERRUPT;
import static dev.kantele.protocol.PromptPolicy.REJECT;
import static dev.kantele.protocol.PromptPolicy.ROLLBACK;
import static dev.kantele.protocol.PromptPolicy.STEER;
import static dev.kantele.runtime.session.TestSession.answer;
import static dev.kantele.runtime.session.TestSession.modelCall;
import static dev.kantele.runtime.session.TestSession.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.Input.ToolOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each policy makes of the running turn, of those that wait, and of the transcript. */
class PromptPoliciesTest {
  private static List<String> waiting(TestSession session) {
    return session.state().queue().stream().map(request -> request.turn().value()).toList();
  }

  private static String running(TestSession session) {
    return session.turn().request().turn().value();
  }

  @ParameterizedTest
  @EnumSource
  void a_prompt_runs_at_once_in_an_idle_session(PromptPolicy policy) {
    TestSession session = Scenes.idle();

    Step step = session.prompt("a", policy);

    assertThat(answer(step)).isEqualTo("a at 0");
    assertThat(told(step)).containsExactly("user: a");
    assertThat(session.events())
        .contains(
            new TurnQueued(
                new TurnId("a"),
                List.of(new Part.Text("a")),
                policy,
                TestSession.CLIENT.client(),
                Optional.empty()));
  }

  @Nested
  class Enqueue {
    @Test
    void turns_run_in_the_order_in_which_they_were_asked_for() {
      TestSession session = Scenes.idle();
      session.prompt("a");

      assertThat(answer(session.prompt("b"))).isEqualTo("b at 1");
      assertThat(answer(session.prompt("c"))).isEqualTo("c at 2");

      assertThat(waiting(session)).containsExactly("b", "c");
      session.says("one");
      assertThat(told(session.finishes())).containsExactly("user: a", "assistant: one", "user: b");
      session.says("two");
      assertThat(told(session.finishes()))
          .containsExactly("user: a", "assistant: one", "user: b", "assistant: two", "user: c");
    }

    @Test
    void a_turn_that_fails_does_not_hold_up_the_next() {
      TestSession session = Scenes.streaming();

      Step step = session.breaks(false);

      assertThat(told(step)).containsExactly("user: a", "assistant: hel (partial)", "user: b");
    }
  }

  @Nested
  class Reject {
    @Test
    void a_prompt_is_refused_while_a_turn_runs_and_leaves_no_trace() {
      TestSession session = Scenes.streaming();
      SessionState before = session.state();

      Step step = session.prompt("n", REJECT);

      assertThat(answer(step)).isEqualTo("turn_running");
      assertThat(step.rows()).isEmpty();
      assertThat(session.state()).isEqualTo(before);
    }

    @Test
    void a_prompt_is_refused_while_the_running_turn_ends() {
      assertThat(answer(Scenes.endingStream().prompt("n", REJECT))).isEqualTo("turn_running");
    }
  }

  @Nested
  class Interrupt {
    @Test
    void the_running_turn_makes_way_and_the_queue_behind_it_stays() {
      TestSession session = Scenes.streaming();

      session.prompt("n", INTERRUPT);
      assertThat(waiting(session)).containsExactly("n", "b");
      Step step = session.ends(new Input.StreamOutcome.Stopped());

      assertThat(told(step)).containsExactly("user: a", "assistant: hel (partial)", "user: n");
      assertThat(running(session)).isEqualTo("n");
      assertThat(waiting(session)).containsExactly("b");
    }

    @Test
    void of_two_the_later_runs_first() {
      TestSession session = Scenes.streaming();

      session.prompt("m", INTERRUPT);
      session.prompt("n", INTERRUPT);

      assertThat(waiting(session)).containsExactly("n", "m", "b");
    }

    @Test
    void it_ends_the_tool_calls_of_the_running_turn() {
      TestSession session = Scenes.inTools();
      session.prompt("n", INTERRUPT);

      session.toolEnds(0, new ToolOutcome.Stopped(true));
      Step step = session.toolEnds(1, new ToolOutcome.Stopped(true));

      assertThat(told(step))
          .containsExactly(
              "user: a",
              "assistant: look?s1-1.0 mail?s1-1.1",
              "tool: s1-1.0!cancelled s1-1.1!cancelled",
              "user: n");
    }
  }

  @Nested
  class Steer {
    @Test
    void it_joins_the_turn_before_its_next_model_call() {
      TestSession session = Scenes.inTools();

      assertThat(answer(session.prompt("n", STEER))).isEqualTo("a at 0");
      session.toolCompletes(0);
      Step step = session.toolCompletes(1);

      assertThat(told(step))
          .containsExactly(
              "user: a",
              "assistant: look?s1-1.0 mail?s1-1.1",
              "tool: s1-1.0=done 0 s1-1.1=done 1",
              "user: n");
      assertThat(modelCall(step).request().turn()).isEqualTo(new TurnId("a"));
    }

    @Test
    void without_another_model_call_it_becomes_the_next_turn_ahead_of_the_queue() {
      TestSession session = Scenes.streaming();
      session.prompt("n", STEER);

      Step step = session.finishes();

      assertThat(told(step)).containsExactly("user: a", "assistant: hel", "user: n");
      assertThat(running(session)).isEqualTo("n");
      assertThat(waiting(session)).containsExactly("b");
    }

    @Test
    void several_keep_their_order_as_turns() {
      TestSession session = Scenes.steered("m", "n");

      session.finishes();

      assertThat(running(session)).isEqualTo("m");
      assertThat(waiting(session)).containsExactly("n");
    }

    @Test
    void several_keep_their_order_in_the_turn_that_they_join() {
      TestSession session = Scenes.steered("m", "n");

      session.asks("look");
      Step step = session.toolCompletes(0);

      assertThat(told(step)).endsWith("tool: s1-1.0=done 0", "user: m", "user: n");
    }

    @Test
    void the_model_that_is_tried_again_is_told_too() {
      TestSession session = Scenes.steered("n");
      session.breaks(true);

      assertThat(told(session.retries())).containsExactly("user: a", "user: n");
    }

    @Test
    void it_stays_in_the_transcript_if_its_turn_is_cancelled() {
      TestSession session = Scenes.steered("n");
      session.says("hel");
      session.cancel();
      session.ends(new Input.StreamOutcome.Stopped());

      assertThat(session.transcript())
          .containsExactly("user: a", "assistant: hel (partial)", "user: n");
      assertThat(session.state().isBusy()).isFalse();
    }

    @Test
    void it_stays_in_the_transcript_if_its_turn_fails() {
      TestSession session = Scenes.steered("n");

      session.breaks(false);

      assertThat(session.transcript()).containsExactly("user: a", "user: n");
    }

    @Test
    void while_the_running_turn_ends_it_waits_ahead_of_the_queue() {
      TestSession session = Scenes.endingStream();

      assertThat(answer(session.prompt("m", STEER))).isEqualTo("m at 1");
      assertThat(answer(session.prompt("n", STEER))).isEqualTo("n at 2");

      assertThat(waiting(session)).containsExactly("m", "n", "b");
    }

    @Test
    void one_that_was_cancelled_before_it_became_a_turn_never_runs() {
      TestSession session = Scenes.steered("n");
      session.command(Commanding.cancel("x", "n"));

      Step step = session.finishes();

      assertThat(Shown.rows(step))
          .containsExactly(
              "stream.completed s1-1",
              "turn.completed a end",
              "turn.queued n",
              "note.turn_options n",
              "turn.cancelled n");
      assertThat(session.state().isBusy()).isFalse();
    }

    @Test
    void it_keeps_its_options_when_it_becomes_a_turn() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.command(
          Commanding.withModel(Commanding.prompt("n", 2, "n", STEER), TestCatalog.OTHER_MODEL));

      assertThat(modelCall(session.finishes()).request().model()).isEqualTo("two");
    }
  }

  @Nested
  class Rollback {
    @Test
    void the_running_turn_leaves_the_transcript() {
      TestSession session = Scenes.idle();
      session.prompt("first");
      session.says("one");
      session.finishes();
      session.prompt("a");
      session.says("hel");

      session.prompt("n", ROLLBACK);
      Step step = session.ends(new Input.StreamOutcome.Stopped());

      assertThat(told(step)).containsExactly("user: first", "assistant: one", "user: n");
    }

    @Test
    void tool_calls_that_started_stay_with_their_results() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.says("thinking aloud");
      session.says(new ModelEvent.ToolCallStarted(1, "mail"));
      session.says(new ModelEvent.ToolCallStarted(2, "ghost"));
      session.finishes();

      session.prompt("n", ROLLBACK);
      Step step = session.toolCompletes(1);

      assertThat(told(step))
          .containsExactly("assistant: mail?s1-1.1", "tool: s1-1.1=done 1", "user: n");
    }

    @Test
    void it_takes_back_a_turn_that_is_being_cancelled() {
      TestSession session = Scenes.endingStream();

      session.prompt("n", ROLLBACK);
      Step step = session.ends(new Input.StreamOutcome.Stopped());

      assertThat(Shown.rows(step)).contains("turn.cancelled a rolled back");
      assertThat(told(step)).containsExactly("user: n");
    }

    @Test
    void a_later_interrupt_does_not_bring_the_turn_back() {
      TestSession session = Scenes.streaming();
      session.prompt("m", ROLLBACK);
      session.prompt("n", INTERRUPT);

      Step step = session.ends(new Input.StreamOutcome.Stopped());

      assertThat(Shown.rows(step)).contains("turn.cancelled a rolled back");
      assertThat(told(step)).containsExactly("user: n");
    }

    @Test
    void what_had_joined_the_turn_goes_with_it() {
      TestSession session = Scenes.steered("m");
      session.prompt("n", ROLLBACK);

      assertThat(told(session.ends(new Input.StreamOutcome.Stopped()))).containsExactly("user: n");
    }
  }

  @Nested
  class QueueBound {
    @ParameterizedTest
    @EnumSource(names = {"ENQUEUE", "INTERRUPT", "STEER", "ROLLBACK"})
    void one_turn_more_than_may_wait_is_refused(PromptPolicy policy) {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.queuedTurns(2);
      session.prompt("a");
      session.prompt("b");
      session.prompt("c");

      Step step = session.prompt("n", policy);

      assertThat(answer(step)).isEqualTo("queue_full");
      assertThat(step.rows()).isEmpty();
      assertThat(session.turn().ending()).isEmpty();
    }

    @Test
    void what_steers_waits_too() {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.queuedTurns(2);
      session.prompt("a");
      session.prompt("b");
      session.prompt("c", STEER);

      assertThat(answer(session.prompt("n", STEER))).isEqualTo("queue_full");
      assertThat(answer(session.prompt("n", ENQUEUE))).isEqualTo("queue_full");
    }

    @Test
    void there_is_room_again_when_a_turn_has_left_the_queue() {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.queuedTurns(1);
      session.prompt("a");
      session.prompt("b");

      session.command(Commanding.cancel("x", "b"));

      assertThat(answer(session.prompt("n"))).isEqualTo("n at 1");
    }

    @Test
    void where_none_may_wait_one_may_still_run() {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.queuedTurns(0);

      assertThat(answer(session.prompt("a"))).isEqualTo("a at 0");
      assertThat(answer(session.prompt("b"))).isEqualTo("queue_full");
    }
  }

  @Nested
  class Names {
    @ParameterizedTest
    @EnumSource
    void a_turn_that_runs_or_waits_or_ended_is_not_asked_for_again(PromptPolicy policy) {
      TestSession session = Scenes.idle();
      session.prompt("ended");
      session.finishes();
      session.prompt("a");
      session.prompt("b");
      session.prompt("steering", STEER);

      for (String turn : List.of("ended", "a", "b", "steering")) {
        Step step =
            session.command(Commanding.prompt("again " + turn, session.nextNumber(), turn, policy));
        assertThat(answer(step)).isEqualTo("turn_exists");
      }
    }

    @Test
    void the_session_names_a_turn_that_has_no_name() {
      TestSession session = Scenes.idle();

      session.command(Commanding.unnamed(Commanding.prompt("x", 1, "ignored", ENQUEUE)));

      assertThat(running(session)).isEqualTo("t2-1");
    }

    @Test
    void it_takes_no_name_that_a_client_has_taken() {
      TestSession session = Scenes.idle();
      session.prompt("t6-3");
      session.prompt("t6-3-2");

      session.command(Commanding.unnamed(Commanding.prompt("x", 3, "ignored", ENQUEUE)));

      assertThat(session.state().lastSeq()).isEqualTo(6);
      assertThat(waiting(session)).containsExactly("t6-3-2", "t6-3-3");
    }
  }

  @Nested
  class Options {
    @Test
    void a_model_that_there_is_not_is_refused() {
      Step step =
          Scenes.idle()
              .command(Commanding.withModel(Commanding.prompt("x", 1, "n", ENQUEUE), "test/three"));

      assertThat(answer(step)).isEqualTo("model_not_found");
    }

    @Test
    void the_model_of_a_prompt_is_called_in_place_of_the_agents() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.command(
          Commanding.withModel(Commanding.prompt("n", 2, "n", ENQUEUE), TestCatalog.OTHER_MODEL));

      Step step = session.finishes();

      assertThat(modelCall(step).request().model()).isEqualTo("two");
    }

    @Test
    void an_agent_that_is_gone_takes_no_prompt() {
      TestSession session = Scenes.idle();
      session.catalog.gone = TestCatalog.AGENT;

      assertThat(answer(session.prompt("n"))).isEqualTo("agent_not_found");
    }
  }
}
