package dev.kantele.cluster.render;

import static dev.kantele.cluster.render.Events.TURN;
import static dev.kantele.cluster.render.Events.completed;
import static dev.kantele.cluster.render.Events.event;
import static dev.kantele.cluster.render.Events.failure;
import static dev.kantele.cluster.render.Events.reasoning;
import static dev.kantele.cluster.render.Events.requested;
import static dev.kantele.cluster.render.Events.streamCompleted;
import static dev.kantele.cluster.render.Events.streamFailed;
import static dev.kantele.cluster.render.Events.streamStarted;
import static dev.kantele.cluster.render.Events.text;
import static dev.kantele.cluster.render.Events.turnCancelled;
import static dev.kantele.cluster.render.Events.turnCompleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TurnRendererTest {
  private static final Style UNICODE = new Style(/* colour= */ false, /* unicode= */ true);
  private static final Style COLOURED = new Style(/* colour= */ true, /* unicode= */ true);

  private static String render(Style style, EventBody... bodies) {
    var renderer = new TurnRenderer(TURN, style);
    var shown = new StringBuilder();
    for (EventBody body : bodies) {
      shown.append(renderer.render(event(body)));
    }
    return shown.toString();
  }

  private static final EventBody[] TOOLS = {
    streamStarted(1),
    reasoning("Two "),
    reasoning("things."),
    text(1, "Let me see."),
    streamCompleted(
        new Part.Reasoning("Two things.", Optional.empty()), new Part.Text("Let me see.")),
    requested("i1", "calculator", "{\"expression\":\"12 * 7\"}"),
    requested("i2", "clock", "{\"zone\":\"Asia/Tokyo\"}"),
    completed("i1", "84"),
    completed("i2", "\"05:30\""),
    streamStarted(1),
    text("It is 84, "),
    text("and half past five."),
    streamCompleted(new Part.Text("It is 84, and half past five.")),
    turnCompleted()
  };

  @Nested
  class A_turn_with_tools {
    @Test
    void shows_the_text_as_it_comes_and_a_line_for_each_call_and_result() {
      assertThat(render(UNICODE, TOOLS))
          .isEqualTo(
              """
              Two things.
              Let me see.
              → calculator {"expression":"12 * 7"}
              → clock {"zone":"Asia/Tokyo"}
              ✓ calculator 84
              ✓ clock 05:30
              It is 84, and half past five.
              """);
    }

    @Test
    void needs_no_more_than_ascii() {
      assertThat(render(Style.PLAIN, TOOLS))
          .isEqualTo(
              """
              Two things.
              Let me see.
              -> calculator {"expression":"12 * 7"}
              -> clock {"zone":"Asia/Tokyo"}
              ok calculator 84
              ok clock 05:30
              It is 84, and half past five.
              """);
    }

    @Test
    void has_dimmed_reasoning_and_coloured_signs_on_a_terminal() {
      assertThat(render(COLOURED, TOOLS).replace('\u001b', '^'))
          .isEqualTo(
              """
              ^[2mTwo ^[0m^[2mthings.^[0m
              Let me see.
              ^[36m→ calculator^[0m^[2m {"expression":"12 * 7"}^[0m
              ^[36m→ clock^[0m^[2m {"zone":"Asia/Tokyo"}^[0m
              ^[32m✓^[0m calculator 84
              ^[32m✓^[0m clock 05:30
              It is 84, and half past five.
              """);
    }

    @Test
    void does_not_say_whose_result_it_is_where_there_is_one_call_only() {
      assertThat(render(UNICODE, requested("i1", "calculator", "{}"), completed("i1", "84")))
          .isEqualTo("→ calculator {}\n✓ 84\n");
    }

    @Test
    void says_how_a_call_ended_that_did_not_complete() {
      var id = new InvocationId("i1");

      assertThat(
              render(
                  UNICODE,
                  requested("i1", "search", "{}"),
                  new EventBody.ToolFailed(TURN, id, failure("no network")),
                  new EventBody.ToolTimedOut(TURN, id, failure("took 5 s")),
                  new EventBody.ToolDenied(TURN, id, Optional.of("not now")),
                  new EventBody.ToolCancelled(TURN, id, Optional.empty()),
                  new EventBody.ToolUnknown(TURN, id, "it was lost")))
          .isEqualTo(
              """
              → search {}
              ✗ no network
              ✗ took 5 s
              ✗ denied: not now
              ✗ cancelled
              ✗ nobody knows whether it took effect: it was lost
              """);
    }

    @Test
    void shows_output_and_another_attempt() {
      var id = new InvocationId("i1");

      assertThat(
              render(
                  UNICODE,
                  requested("i1", "search", "{}"),
                  new EventBody.ToolStarted(TURN, id, new EffectId("e"), 1),
                  new EventBody.ToolOutput(TURN, id, Optional.of("one\ntw"), Optional.empty()),
                  new EventBody.ToolStarted(TURN, id, new EffectId("e"), 2),
                  completed("i1", "{\"hits\":2}")))
          .isEqualTo("→ search {}\none\ntw\n↻ search again, attempt 2\n✓ {\"hits\":2}\n");
    }

    @Test
    void keeps_what_is_long_on_one_line() {
      String shown =
          render(
              UNICODE,
              requested("i1", "write", "{\"text\":\"%s\"}".formatted("a\\nb ".repeat(90))));

      assertThat(shown.lines()).hasSize(1);
      assertThat(shown).hasSizeLessThan(230).endsWith("…\n");
    }
  }

  @Nested
  class The_end_of_a_stream {
    @Test
    void adds_what_its_deltas_left_out() {
      assertThat(
              render(
                  UNICODE,
                  streamStarted(1),
                  text("It is "),
                  streamCompleted(new Part.Text("It is nine.")),
                  turnCompleted()))
          .isEqualTo("It is nine.\n");
    }

    @Test
    void is_shown_whole_where_there_were_no_deltas() {
      assertThat(render(UNICODE, streamCompleted(new Part.Text("It is nine.")), turnCompleted()))
          .isEqualTo("It is nine.\n");
    }

    @Test
    void counts_where_it_contradicts_the_deltas() {
      assertThat(
              render(
                  UNICODE,
                  streamStarted(1),
                  text("It is ten"),
                  streamCompleted(new Part.Text("It is nine.")),
                  turnCompleted()))
          .isEqualTo("It is ten\n(what follows replaces the text above)\nIt is nine.\n");
    }

    @Test
    void lets_the_next_attempt_begin_afresh() {
      assertThat(
              render(
                  UNICODE,
                  streamStarted(1),
                  text("It is"),
                  new EventBody.SessionRecovered(),
                  streamFailed(new Part.Text("It is")),
                  streamStarted(2),
                  text("It is nine."),
                  streamCompleted(new Part.Text("It is nine.")),
                  turnCompleted()))
          .isEqualTo(
              """
              It is
              (the node was restarted; the session goes on)
              (the answer broke off: lost)
              ↻ asking again, attempt 2
              It is nine.
              """);
    }

    @Test
    void is_joined_to_merged_deltas() {
      var catchup = new EventBody.Catchup(List.of(text("It is ")));

      assertThat(
              render(
                  UNICODE,
                  streamStarted(1),
                  catchup,
                  text("nine."),
                  streamCompleted(new Part.Text("It is nine.")),
                  turnCompleted()))
          .isEqualTo("It is nine.\n");
    }
  }

  @Nested
  class The_end_of_a_turn {
    @Test
    void ends_the_line_and_says_why_it_was_cancelled() {
      assertThat(render(UNICODE, text("It is"), turnCancelled()))
          .isEqualTo("It is\n✗ cancelled: the user interrupted it\n");
    }

    @Test
    void says_why_it_failed() {
      assertThat(render(UNICODE, new EventBody.TurnFailed(TURN, failure("no model"), Usage.NONE)))
          .isEqualTo("✗ no model\n");
    }

    @Test
    void says_why_it_completed_early() {
      assertThat(
              render(
                  UNICODE,
                  text("It"),
                  new EventBody.TurnCompleted(
                      TURN,
                      StopReason.LIMIT,
                      Optional.of("model_calls"),
                      Usage.NONE,
                      Optional.empty())))
          .isEqualTo("It\n(stopped at the agent's limit model_calls)\n");
    }
  }

  @Test
  void other_turns_are_not_shown() {
    var other = new TurnId("t2");

    assertThat(
            render(
                UNICODE,
                new EventBody.TextDelta(other, new StreamId("s9"), 0, "not mine"),
                new EventBody.Catchup(
                    List.of(new EventBody.TextDelta(other, new StreamId("s9"), 0, "nor this")))))
        .isEmpty();
  }

  @Test
  void a_model_can_not_steer_the_terminal() {
    assertThat(
            render(
                COLOURED,
                text("a\u001b[2Jb\u0007\r\u009bc\n"),
                requested("i1", "x\u001b]0;title\u0007", "{}")))
        .doesNotContain("\u001b[2J", "\u0007", "\r", "\u009b", "\u001b]")
        .startsWith("a[2Jbc\n");
  }
}
