package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.told;
import static dev.kantele.runtime.session.TestSession.toolRuns;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.session.Input.ToolOutcome;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another life of a session makes of what was open at the end of the one before. */
class RecoveryTest {
  private static TestSession running(String tool) {
    TestSession session = Scenes.idle();
    session.prompt("a");
    session.asks(tool);
    return session;
  }

  @Nested
  class Numbers {
    @Test
    void all_that_live_events_may_have_had_are_covered_and_none_is_given_again() {
      TestSession session = Scenes.streaming();
      long lastDurable = session.state().lastSeq();
      long reserved = session.state().reserved();

      JournalRecord first = session.recover().rows().getFirst();

      assertThat(first.covers()).isEqualTo(new Covers(lastDurable + 1, reserved + 1));
      assertThat(reserved).isEqualTo(lastDurable + JournalRecord.RESERVATION);
      session.says("lo");
      assertThat(session.log().lastSeq()).isEqualTo(session.state().lastSeq() + 1);
      assertThat(session.log().lastSeq()).isGreaterThan(reserved + 1);
    }

    @Test
    void without_an_open_operation_nothing_was_lost_and_nothing_is_written() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.finishes();
      long lastSeq = session.state().lastSeq();

      assertThat(session.recover()).isEqualTo(Step.NOTHING);

      assertThat(session.log().lastSeq()).isEqualTo(lastSeq);
      assertThat(session.prompt("b").rows().getFirst().seq()).isEqualTo(lastSeq + 1);
    }

    @Test
    void streams_and_calls_of_this_life_are_named_unlike_those_of_the_last() {
      TestSession session = Scenes.streaming();
      var lost = session.stream();
      session.recover();

      assertThat(session.stream().value()).isEqualTo("s2-2");
      assertThat(session.give(new Input.StreamEnded(lost, new Input.StreamOutcome.Stopped())))
          .isEqualTo(Step.NOTHING);
    }
  }

  @Nested
  class ALostCall {
    @ParameterizedTest
    @ValueSource(strings = {"look", "put"})
    void that_may_run_twice_runs_again_with_the_same_effect_id(String tool) {
      TestSession session = running(tool);

      Step step = session.recover();

      assertThat(Shown.rows(step)).containsExactly("session.recovered", "tool.started s1-1.0 #2");
      assertThat(toolRuns(step))
          .singleElement()
          .satisfies(
              run -> {
                assertThat(run.effectId()).isEqualTo(new EffectId("log1:s1-1.0"));
                assertThat(run.attempt()).isEqualTo(2);
                assertThat(run.reconcile()).isFalse();
              });
    }

    @ParameterizedTest
    @ValueSource(strings = {"look", "put"})
    void fails_when_its_attempts_are_used_up(String tool) {
      TestSession session = running(tool);
      session.recover();
      session.recover();

      Step step = session.recover();

      assertThat(Shown.rows(step))
          .startsWith("session.recovered", "tool.failed s1-1.0 lost", "stream.started s4-2 #1");
      assertThat(told(step)).endsWith("tool: s1-1.0!lost");
    }

    @Test
    void that_can_be_reconciled_is_asked_what_became_of_it() {
      TestSession session = running("pay");

      Step step = session.recover();

      assertThat(toolRuns(step))
          .singleElement()
          .satisfies(
              run -> {
                assertThat(run.effectId()).isEqualTo(new EffectId("log1:s1-1.0"));
                assertThat(run.reconcile()).isTrue();
              });
    }

    @Test
    void that_had_no_effect_is_run_again() {
      TestSession session = running("pay");
      session.recover();

      Step step = session.toolEnds(0, new ToolOutcome.NotDone());

      assertThat(session.shown(step)).containsExactly("tool.started s1-1.0 #3", "run s1-1.0 #3");
    }

    @Test
    void that_was_done_completes_with_what_the_tool_found() {
      TestSession session = running("pay");
      session.recover();

      assertThat(told(session.toolCompletes(0))).endsWith("tool: s1-1.0=done 0");
    }

    @Test
    void that_the_tool_knows_nothing_of_is_unknown() {
      TestSession session = running("pay");
      session.recover();

      assertThat(told(session.toolEnds(0, new ToolOutcome.Unknown("no record"))))
          .endsWith("tool: s1-1.0!unknown");
    }

    @Test
    void that_can_not_be_reconciled_within_its_attempts_is_unknown() {
      TestSession session = running("pay");
      session.recover();
      session.recover();

      assertThat(told(session.recover())).endsWith("tool: s1-1.0!unknown");
    }

    @Test
    void that_is_unsafe_is_unknown_and_never_runs_again() {
      TestSession session = running("mail");

      Step step = session.recover();

      assertThat(Shown.rows(step))
          .containsExactly("session.recovered", "tool.unknown s1-1.0", "stream.started s2-2 #1");
      assertThat(toolRuns(step)).isEmpty();
      assertThat(told(step)).endsWith("tool: s1-1.0!unknown");
    }

    @Test
    void whose_tool_is_gone_is_unknown() {
      TestSession session = running("look");
      session.catalog.gone = "look";

      assertThat(told(session.recover())).endsWith("tool: s1-1.0!unknown");
    }

    @Test
    void whose_result_was_written_keeps_it() {
      TestSession session = Scenes.inTools();
      session.toolCompletes(1);

      Step step = session.recover();

      assertThat(Shown.rows(step)).containsExactly("session.recovered", "tool.started s1-1.0 #2");
      assertThat(
              told(
                  session.give(
                      new Input.ToolEnded(
                          new InvocationId("s1-1.0"), 2, new ToolOutcome.Unknown("gone")))))
          .endsWith("tool: s1-1.0!unknown s1-1.1=done 1");
    }
  }

  @Nested
  class WhileTheTurnWasEnding {
    @ParameterizedTest
    @CsvSource({"look, cancelled", "put, cancelled", "pay, unknown", "mail, unknown"})
    void no_call_is_tried_again(String tool, String code) {
      TestSession session = running(tool);
      session.cancel();

      Step step = session.recover();

      assertThat(toolRuns(step)).isEmpty();
      assertThat(session.transcript()).endsWith("tool: s1-1.0!" + code);
      assertThat(Shown.rows(step)).endsWith("turn.cancelled a");
    }

    @Test
    void no_stream_is_tried_again() {
      TestSession session = Scenes.endingStream();

      assertThat(Shown.rows(session.recover()))
          .startsWith("session.recovered", "stream.cancelled s1-1", "turn.cancelled a");
    }

    @Test
    void the_reason_is_kept() {
      TestSession session = Scenes.streaming();
      session.wallTime("a");

      assertThat(Shown.rows(session.recover())).contains("turn.completed a limit wall_time");
    }

    @Test
    void a_rolled_back_turn_is_rolled_back() {
      TestSession session = Scenes.streaming();
      session.prompt("n", PromptPolicy.ROLLBACK);

      assertThat(told(session.recover())).containsExactly("user: n");
    }
  }

  @Nested
  class WhatIsGone {
    @ParameterizedTest
    @CsvSource({"agent, agent_not_found", "test/one, model_not_found"})
    void a_turn_that_can_not_go_on_fails_and_so_do_those_that_wait(String gone, String code) {
      TestSession session = Scenes.streaming();
      session.catalog.gone = gone;

      Step step = session.recover();

      assertThat(Shown.rows(step))
          .containsExactly(
              "session.recovered",
              "stream.failed s1-1 lost again",
              "turn.failed a " + code,
              "turn.started b",
              "turn.failed b " + code);
      assertThat(session.state().isBusy()).isFalse();
    }

    @Test
    void however_many_wait() {
      TestSession session = Scenes.idle();
      session.catalog.limits = Limits.queuedTurns(2_000);
      session.prompt("a");
      for (int i = 0; i < 2_000; i++) {
        session.prompt("b" + i);
      }
      session.catalog.gone = TestCatalog.MODEL;

      session.finishes();

      assertThat(session.state().isBusy()).isFalse();
    }
  }
}
