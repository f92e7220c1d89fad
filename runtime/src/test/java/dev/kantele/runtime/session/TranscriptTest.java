package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.TestSession.told;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.Input.StreamOutcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the next model call is told of a turn that did not end as it should. */
class TranscriptTest {
  @Nested
  class Packed {
    private static final ObjectNode ARGUMENTS =
        JsonNodeFactory.instance.objectNode().put("half", 0.5).put("many", 1L << 40);

    private static final List<Message> MESSAGES =
        List.of(
            Message.of(Role.USER, List.of(new Part.Text("Wie spät ist es in 東京? \uD83D \0"))),
            Message.of(
                Role.ASSISTANT,
                List.of(
                    new Part.Reasoning("hm", Optional.of("signed")),
                    new Part.ToolCall(new InvocationId("s.1"), "look", ARGUMENTS))),
            Message.of(Role.USER, List.of(new Part.Text("x".repeat(4_000)))));

    @Test
    void it_is_as_it_was() {
      Transcript transcript = Transcript.of(MESSAGES);

      transcript.pack();

      assertThat(transcript.isPacked()).isTrue();
      assertThat(transcript.size()).isEqualTo(3);
      assertThat(transcript).isEqualTo(Transcript.of(MESSAGES));
      assertThat(transcript.isPacked()).isFalse();
      assertThat(transcript.first(2).messages()).isEqualTo(MESSAGES.subList(0, 2));
    }

    @Test
    void it_goes_on_with_one_more_message() {
      Transcript transcript = Transcript.of(MESSAGES.subList(0, 1)).append(MESSAGES.get(2));
      transcript.pack();

      Transcript more = transcript.append(MESSAGES.get(1));

      assertThat(more.messages())
          .containsExactly(MESSAGES.get(0), MESSAGES.get(2), MESSAGES.get(1));
    }

    @Test
    void a_small_one_is_left_as_it_is() {
      Transcript small = Transcript.of(MESSAGES.subList(0, 2));
      small.pack();
      Transcript.EMPTY.pack();

      assertThat(small.isPacked()).isFalse();
      assertThat(Transcript.EMPTY.isPacked()).isFalse();
    }
  }

  @Nested
  class Normalised {
    @Test
    void text_that_was_cut_off_is_kept_and_marked() {
      TestSession session = Scenes.endingStream();

      Step step = session.ends(new StreamOutcome.Stopped());

      assertThat(told(step)).containsExactly("user: a", "assistant: hel (partial)", "user: b");
    }

    @Test
    void reasoning_that_was_cut_off_is_kept_too() {
      TestSession session = Scenes.steered();
      session.says(new ModelEvent.ReasoningDelta(0, "hm"));
      session.cancel();
      session.ends(new StreamOutcome.Stopped());

      assertThat(session.transcript()).containsExactly("user: a", "assistant: <hm> (partial)");
    }

    @Test
    void tool_calls_that_were_cut_off_are_not_kept() {
      TestSession session = Scenes.steered();
      session.says(
          new ModelEvent.TextDelta(0, "let me look"), new ModelEvent.ToolCallStarted(1, "look"));
      session.cancel();
      session.ends(new StreamOutcome.Stopped());

      assertThat(session.transcript())
          .containsExactly("user: a", "assistant: let me look (partial)");
    }

    @Test
    void a_message_that_was_nothing_but_such_calls_is_not_kept() {
      TestSession session = Scenes.steered();
      session.says(new ModelEvent.ToolCallStarted(0, "look"));
      session.cancel();
      session.ends(new StreamOutcome.Stopped());

      assertThat(session.transcript()).containsExactly("user: a");
    }

    @Test
    void a_stream_that_ends_by_itself_after_a_cancel_counts_as_cut_off() {
      TestSession session = Scenes.endingStream();

      Step step = session.finishes();

      assertThat(told(step)).containsExactly("user: a", "assistant: hel (partial)", "user: b");
    }

    @Test
    void each_call_of_an_abandoned_turn_has_a_result() {
      TestSession session = Scenes.endingTools();
      session.prompt("b");

      assertThat(told(session.deadline("a")))
          .containsExactly(
              "user: a",
              "assistant: look?s1-1.0 mail?s1-1.1",
              "tool: s1-1.0!cancelled s1-1.1!unknown",
              "user: b");
    }

    @Test
    void a_message_without_a_part_is_not_kept() {
      TestSession session = Scenes.steered();
      session.finishes();

      assertThat(session.transcript()).containsExactly("user: a");
    }

    @Test
    void what_a_lost_stream_said_is_not_there_after_its_last_attempt() {
      TestSession session = Scenes.streaming();
      session.catalog.limits = Limits.attempts(1);

      assertThat(told(session.recover())).containsExactly("user: a", "user: b");
    }
  }

  @Nested
  class AsAList {
    private final List<Message> messages =
        IntStream.range(0, 5)
            .mapToObj(i -> Message.of(Role.USER, List.of(new Part.Text("m" + i))))
            .toList();
    private final Transcript transcript = Transcript.of(messages);

    @Test
    void it_is_its_messages_oldest_first() {
      assertThat(transcript.messages()).isEqualTo(messages);
      assertThat(transcript.size()).isEqualTo(5);
    }

    @Test
    void it_can_be_cut_at_any_place() {
      for (int i = 0; i <= 5; i++) {
        assertThat(transcript.first(i).messages()).isEqualTo(messages.subList(0, i));
        assertThat(transcript.from(i)).isEqualTo(messages.subList(i, 5));
      }
    }

    @Test
    void what_is_appended_to_a_shorter_one_leaves_the_longer_as_it_was() {
      Transcript other = transcript.first(2).append(messages.get(4));

      assertThat(other.messages())
          .containsExactly(messages.get(0), messages.get(1), messages.get(4));
      assertThat(transcript.messages()).isEqualTo(messages);
    }

    @Test
    void equal_messages_make_it_equal() {
      assertThat(Transcript.of(messages)).isEqualTo(transcript).hasSameHashCodeAs(transcript);
      assertThat(transcript.first(4)).isNotEqualTo(transcript);
      assertThat(transcript.first(0)).isEqualTo(Transcript.EMPTY);
    }
  }

  @Nested
  class OfARow {
    @Test
    void rows_of_a_session_without_a_turn_leave_it_without_one() {
      TestSession donor = Scenes.inTools();
      SessionState state = Scenes.idle().state();

      for (var row : donor.journal().subList(4, donor.journal().size())) {
        state = state.apply(row);
      }

      assertThat(state.turn()).isEqualTo(Optional.empty());
    }
  }
}
