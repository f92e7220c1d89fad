package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.told;
import static dev.kantele.runtime.session.TestSession.toolRuns;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.Input.ToolOutcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tool calls from the model's wish to their results. */
class ToolCallsTest {
  private static final TurnId TURN = new TurnId("a");

  private static TestSession asked(String tool, String arguments) {
    TestSession session = Scenes.idle();
    session.prompt("a");
    session.says(
        new ModelEvent.ToolCallStarted(0, tool), new ModelEvent.ToolCallDelta(0, arguments));
    return session;
  }

  private static List<String> failure(Step step) {
    return step.rows().stream()
        .map(
            row ->
                row.content() instanceof Visible(ToolFailed(_, _, var error))
                    ? error.message()
                    : "")
        .filter(message -> !message.isEmpty())
        .toList();
  }

  @Nested
  class Requested {
    @Test
    void all_are_requested_before_the_first_starts() {
      TestSession session = Scenes.idle();
      session.prompt("a");

      Step step = session.asks("look", "put");

      assertThat(session.shown(step))
          .containsExactly(
              "stream.completed s1-1",
              "tool.requested s1-1.0 look",
              "tool.requested s1-1.1 put",
              "tool.started s1-1.0 #1",
              "tool.started s1-1.1 #1",
              "run s1-1.0 #1",
              "run s1-1.1 #1");
    }

    @Test
    void they_are_told_with_their_arguments_and_their_place() {
      TestSession session = asked("look", "{\"at\": 1}");
      session.finishes();
      var arguments = JsonNodeFactory.instance.objectNode().put("at", 1);

      assertThat(session.events())
          .contains(
              new ToolRequested(
                  TURN,
                  new InvocationId("s1-1.0"),
                  "look",
                  Optional.of(arguments),
                  Optional.empty(),
                  0,
                  ToolExecutor.NODE),
              new ToolStarted(TURN, new InvocationId("s1-1.0"), new EffectId("log1:s1-1.0"), 1));
    }

    @Test
    void a_tool_runs_with_the_arguments_and_the_effect_id_that_were_written() {
      TestSession session = asked("look", "{\"at\": 1}");

      Effect.InvokeTool run = toolRuns(session.finishes()).getFirst();

      assertThat(run)
          .isEqualTo(
              new Effect.InvokeTool(
                  TURN,
                  new InvocationId("s1-1.0"),
                  new EffectId("log1:s1-1.0"),
                  1,
                  TestCatalog.AGENT,
                  "look",
                  JsonNodeFactory.instance.objectNode().put("at", 1),
                  false));
    }

    @Test
    void no_text_at_all_is_no_arguments() {
      assertThat(toolRuns(asked("look", " ").finishes()).getFirst().arguments())
          .isEqualTo(JsonNodeFactory.instance.objectNode());
    }
  }

  @Nested
  class Refused {
    @Test
    void a_tool_that_there_is_not_fails_and_the_model_is_told_which_there_are() {
      TestSession session = asked("ghost", "{}");

      Step step = session.finishes();

      assertThat(failure(step))
          .containsExactly("there is no tool 'ghost' (expected one of: look, put, pay, mail)");
      assertThat(told(step)).endsWith("tool: s1-1.0!tool_not_found");
      assertThat(toolRuns(step)).isEmpty();
    }

    @Test
    void a_tool_that_the_agent_has_but_the_node_has_not_fails_too() {
      TestSession session = asked("mail", "{}");
      session.catalog.gone = "mail";

      assertThat(told(session.finishes())).endsWith("tool: s1-1.0!tool_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "\"text\"", "{\"at\": ", "{} {}", "null"})
    void arguments_that_are_no_object_fail_and_are_shown_as_the_model_wrote_them(String text) {
      TestSession session = asked("look", text);

      Step step = session.finishes();

      assertThat(told(step)).endsWith("tool: s1-1.0!invalid_arguments");
      assertThat(session.events())
          .contains(
              new ToolRequested(
                  TURN,
                  new InvocationId("s1-1.0"),
                  "look",
                  Optional.empty(),
                  Optional.of(text),
                  0,
                  ToolExecutor.NODE));
    }

    @Test
    void arguments_that_do_not_fit_the_schema_fail_with_what_is_wrong() {
      Step step = asked("look", "{\"bad\": true}").finishes();

      assertThat(failure(step)).containsExactly("bad: true (expected: nothing)");
      assertThat(toolRuns(step)).isEmpty();
    }

    @Test
    void one_bad_call_does_not_keep_the_others_from_running() {
      TestSession session = Scenes.idle();
      session.prompt("a");

      assertThat(toolRuns(session.asks("ghost", "look")))
          .extracting(Effect.InvokeTool::tool)
          .containsExactly("look");
      assertThat(told(session.toolCompletes(1)))
          .endsWith("tool: s1-1.0!tool_not_found s1-1.1=done 1");
    }
  }

  @Nested
  class Ended {
    @ParameterizedTest
    @CsvSource({"0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"})
    void results_are_in_the_order_of_the_calls_in_whatever_order_they_end(
        int first, int second, int third) {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.asks("look", "put", "mail");

      assertThat(session.toolCompletes(first).effects()).isEmpty();
      assertThat(session.toolCompletes(second).effects()).isEmpty();
      Step step = session.toolCompletes(third);

      assertThat(told(step))
          .containsExactly(
              "user: a",
              "assistant: look?s1-1.0 put?s1-1.1 mail?s1-1.2",
              "tool: s1-1.0=done 0 s1-1.1=done 1 s1-1.2=done 2");
    }

    @Test
    void the_model_is_not_called_before_the_last_one_ended() {
      TestSession session = Scenes.inTools();

      session.toolCompletes(1);

      assertThat(session.turn().stream()).isEmpty();
      assertThat(session.transcript()).hasSize(2);
    }

    @Test
    void a_failed_call_is_told_to_the_model_and_the_turn_goes_on() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.asks("look");

      Step step =
          session.toolEnds(0, new ToolOutcome.Failed(new Failure("no_file", "none", false)));

      assertThat(told(step)).endsWith("tool: s1-1.0!no_file");
    }

    @ParameterizedTest
    @CsvSource({
      "look, false, timed_out",
      "put, false, timed_out",
      "pay, false, timed_out",
      "mail, true, timed_out",
      "mail, false, unknown"
    })
    void a_call_that_timed_out_is_unknown_if_it_may_have_done_harm(
        String tool, boolean undone, String code) {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.asks(tool);

      Step step = session.toolEnds(0, new ToolOutcome.TimedOut(undone));

      assertThat(told(step)).endsWith("tool: s1-1.0!" + code);
    }

    @ParameterizedTest
    @CsvSource({
      "look, false, cancelled",
      "put, false, cancelled",
      "pay, false, cancelled",
      "mail, true, cancelled",
      "mail, false, unknown"
    })
    void a_call_that_was_cancelled_is_unknown_if_it_may_have_done_harm(
        String tool, boolean undone, String code) {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.asks(tool);
      session.cancel();

      session.toolEnds(0, new ToolOutcome.Stopped(undone));

      assertThat(session.transcript()).endsWith("tool: s1-1.0!" + code);
      assertThat(session.state().turn()).isEmpty();
    }

    @Test
    void a_tool_that_is_gone_is_taken_for_the_worst() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.asks("look");
      session.catalog.gone = "look";

      assertThat(told(session.toolEnds(0, new ToolOutcome.TimedOut(false))))
          .endsWith("tool: s1-1.0!unknown");
    }
  }

  @Nested
  class Late {
    @Test
    void a_second_outcome_is_dropped() {
      TestSession session = Scenes.inTools();
      session.toolCompletes(0);

      Step second =
          session.give(
              new Input.ToolEnded(
                  session.call(0), 1, new ToolOutcome.Completed(TextNode.valueOf("more"))));

      assertThat(second).isEqualTo(Step.NOTHING);
    }

    @Test
    void an_outcome_of_an_earlier_attempt_is_dropped() {
      TestSession session = Scenes.inTools();
      session.toolEnds(0, new ToolOutcome.Lost());

      Step late =
          session.give(
              new Input.ToolEnded(
                  session.call(0), 1, new ToolOutcome.Completed(TextNode.valueOf("late"))));

      assertThat(late).isEqualTo(Step.NOTHING);
      assertThat(Shown.rows(session.toolCompletes(0))).containsExactly("tool.completed s1-1.0");
    }

    @Test
    void what_an_earlier_attempt_says_is_dropped() {
      TestSession session = Scenes.inTools();
      session.toolEnds(0, new ToolOutcome.Lost());

      assertThat(session.toolSays(0, "late")).isEqualTo(Step.NOTHING);
    }

    @Test
    void what_a_tool_says_after_its_end_is_dropped() {
      TestSession session = Scenes.inTools();
      session.toolCompletes(0);

      assertThat(session.toolSays(0, "late")).isEqualTo(Step.NOTHING);
    }

    @Test
    void an_outcome_of_the_step_before_is_dropped() {
      TestSession session = Scenes.idle();
      session.prompt("a");
      session.asks("look");
      InvocationId first = session.call(0);
      session.toolCompletes(0);
      session.asks("look");

      Step late = session.give(new Input.ToolEnded(first, 1, new ToolOutcome.Lost()));

      assertThat(late).isEqualTo(Step.NOTHING);
    }

    @Test
    void a_second_end_of_a_stream_is_dropped() {
      TestSession session = Scenes.inTools();

      assertThat(session.finishes()).isEqualTo(Step.NOTHING);
      assertThat(session.says("more")).isEqualTo(Step.NOTHING);
    }
  }
}
