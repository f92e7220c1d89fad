package dev.kantele.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.ReasoningDelta;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolCallDelta;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.protocol.EventBody.Warning;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.Input.StreamOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What streams and tools say while they run. */
class LiveEventsTest {
  private static final TurnId TURN = new TurnId("a");
  private static final StreamId STREAM = new StreamId("s1-1");
  private static final InvocationId CALL = new InvocationId("s1-1.0");

  private static TestSession streaming() {
    TestSession session = Scenes.idle();
    session.prompt("a");
    return session;
  }

  private static TestSession running() {
    TestSession session = streaming();
    session.asks("look");
    return session;
  }

  @Nested
  class OfAStream {
    @Test
    void neighbouring_pieces_of_a_part_become_one() {
      Step step =
          streaming()
              .says(
                  new ModelEvent.ReasoningDelta(0, "so "),
                  new ModelEvent.ReasoningDelta(0, "be it"),
                  new ModelEvent.ReasoningSigned(0, "signature"),
                  new ModelEvent.TextDelta(1, "hel"),
                  new ModelEvent.TextDelta(1, "lo"),
                  new ModelEvent.ToolCallStarted(2, "look"),
                  new ModelEvent.ToolCallDelta(2, "{"),
                  new ModelEvent.ToolCallDelta(2, "}"));

      assertThat(step.rows()).isEmpty();
      assertThat(step.live())
          .containsExactly(
              new ReasoningDelta(TURN, STREAM, 0, "so be it"),
              new TextDelta(TURN, STREAM, 1, "hello"),
              new ToolCallDelta(
                  TURN, STREAM, 2, new InvocationId("s1-1.2"), Optional.of("look"), "{}"));
    }

    @Test
    void pieces_of_two_parts_keep_their_order() {
      Step step =
          streaming()
              .says(
                  new ModelEvent.TextDelta(0, "a"),
                  new ModelEvent.TextDelta(1, "b"),
                  new ModelEvent.TextDelta(0, "c"));

      assertThat(step.live())
          .containsExactly(
              new TextDelta(TURN, STREAM, 0, "a"),
              new TextDelta(TURN, STREAM, 1, "b"),
              new TextDelta(TURN, STREAM, 0, "c"));
    }

    @Test
    void the_message_at_the_end_is_what_they_join_to() {
      TestSession session = streaming();
      session.says(new ModelEvent.ReasoningDelta(0, "hm"), new ModelEvent.TextDelta(1, "hel"));
      session.says(new ModelEvent.TextDelta(1, "lo"));

      session.ends(
          new StreamOutcome.Finished(FinishReason.END, new Usage(1, 2, 3), Map.of(0, "signature")));

      assertThat(session.events())
          .contains(
              new StreamCompleted(
                  TURN,
                  STREAM,
                  Message.of(
                      Role.ASSISTANT,
                      List.of(
                          new Part.Reasoning("hm", Optional.of("signature")),
                          new Part.Text("hello"))),
                  new Usage(1, 2, 3),
                  FinishReason.END));
    }

    @Test
    void more_text_than_a_stream_may_have_breaks_it_for_good() {
      TestSession session = streaming();
      String half = "x".repeat((int) (LiveEvents.MAX_STREAM_CHARACTERS / 2));
      session.says(half);
      session.says(half);
      assertThat(session.log().lengthOf("s1-1")).isEqualTo(LiveEvents.MAX_STREAM_CHARACTERS);

      Step step = session.says("x");

      assertThat(session.shown(step))
          .containsExactly(
              "stream.failed s1-1 limit_exceeded",
              "turn.failed a limit_exceeded",
              "abandon s1-1",
              "no wall time a");
    }
  }

  @Nested
  class OfATool {
    private final Progress half =
        new Progress(OptionalDouble.of(1), OptionalDouble.of(2), Optional.empty());

    @Test
    void chunks_and_progress_are_shown_as_they_come() {
      Step step =
          running().give(new Input.ToolSaid(CALL, 1, Optional.of("out"), Optional.of(half)));

      assertThat(step.live())
          .containsExactly(new ToolOutput(TURN, CALL, Optional.of("out"), Optional.of(half)));
    }

    @Test
    void output_beyond_the_limit_is_cut_once_and_said_so() {
      TestSession session = running();
      int max = (int) LiveEvents.MAX_OUTPUT_CHARACTERS;
      session.toolSays(0, "x".repeat(max - 1));

      Step step = session.toolSays(0, "yz");

      assertThat(step.live()).hasSize(2);
      assertThat(step.live().getFirst())
          .isEqualTo(new ToolOutput(TURN, CALL, Optional.of("y […]"), Optional.empty()));
      assertThat(step.live().getLast())
          .isInstanceOfSatisfying(
              Warning.class, warning -> assertThat(warning.code()).isEqualTo("output_truncated"));
      assertThat(session.toolSays(0, "more")).isEqualTo(Step.NOTHING);
    }

    @Test
    void as_much_as_the_limit_allows_is_not_cut() {
      TestSession session = running();
      String all = "x".repeat((int) LiveEvents.MAX_OUTPUT_CHARACTERS);

      assertThat(session.toolSays(0, all).live())
          .containsExactly(new ToolOutput(TURN, CALL, Optional.of(all), Optional.empty()));
    }

    @Test
    void a_character_of_two_halves_is_not_cut_between_them() {
      TestSession session = running();
      session.toolSays(0, "x".repeat((int) LiveEvents.MAX_OUTPUT_CHARACTERS - 1));

      Step step = session.toolSays(0, "😀");

      assertThat(step.live())
          .contains(new ToolOutput(TURN, CALL, Optional.of(" […]"), Optional.empty()));
    }

    @Test
    void another_attempt_begins_its_output_anew() {
      TestSession session = running();
      session.toolSays(0, "first");
      session.toolEnds(0, new Input.ToolOutcome.Lost());

      session.give(new Input.ToolSaid(CALL, 2, Optional.of("second"), Optional.empty()));

      assertThat(session.log().said("s1-1.0"))
          .containsExactly(new ToolOutput(TURN, CALL, Optional.of("second"), Optional.empty()));
    }
  }

  @Nested
  class Reservations {
    @Test
    void a_stream_that_runs_long_is_given_more_numbers_before_it_needs_them() {
      TestSession session = streaming();
      int reservations = 0;

      for (int i = 0; i < 3 * JournalRecord.RESERVATION; i++) {
        reservations += session.says("x").rows().size();
        assertThat(session.log().room()).isPositive();
      }

      assertThat(reservations).isBetween(3, 5);
      assertThat(session.journal().getLast().content()).isEqualTo(new JournalRecord.Reserved());
    }

    @Test
    void the_row_is_durable_before_the_numbers_are_given() {
      TestSession session = streaming();
      Step step = Step.NOTHING;
      while (step.rows().isEmpty()) {
        step = session.says("x");
      }

      assertThat(step.live()).hasSize(1);
      assertThat(step.rows().getFirst().reserved())
          .isEqualTo(session.log().lastSeq() - 1 + JournalRecord.RESERVATION);
    }

    @Test
    void no_live_event_is_given_a_number_that_is_not_reserved() {
      TestSession session = streaming();
      for (int i = 0; i < 4_000; i++) {
        session.says("x");
        EventBody.Live last = session.log().said("s1-1").getFirst();
        assertThat(((TextDelta) last).text()).hasSize(i + 1);
        assertThat(session.log().lastSeq()).isLessThanOrEqualTo(session.state().reserved());
      }
    }
  }
}
