package dev.kantele.protocol.sequence;

import static dev.kantele.protocol.sequence.Log.approvalRequired;
import static dev.kantele.protocol.sequence.Log.approved;
import static dev.kantele.protocol.sequence.Log.call;
import static dev.kantele.protocol.sequence.Log.catchup;
import static dev.kantele.protocol.sequence.Log.closed;
import static dev.kantele.protocol.sequence.Log.idle;
import static dev.kantele.protocol.sequence.Log.opened;
import static dev.kantele.protocol.sequence.Log.queued;
import static dev.kantele.protocol.sequence.Log.reasoning;
import static dev.kantele.protocol.sequence.Log.recovered;
import static dev.kantele.protocol.sequence.Log.running;
import static dev.kantele.protocol.sequence.Log.snapshot;
import static dev.kantele.protocol.sequence.Log.streamCompleted;
import static dev.kantele.protocol.sequence.Log.streamFailed;
import static dev.kantele.protocol.sequence.Log.streamStarted;
import static dev.kantele.protocol.sequence.Log.text;
import static dev.kantele.protocol.sequence.Log.toolCall;
import static dev.kantele.protocol.sequence.Log.toolCompleted;
import static dev.kantele.protocol.sequence.Log.toolOutput;
import static dev.kantele.protocol.sequence.Log.toolRequested;
import static dev.kantele.protocol.sequence.Log.toolStarted;
import static dev.kantele.protocol.sequence.Log.turnCompleted;
import static dev.kantele.protocol.sequence.Log.turnFailed;
import static dev.kantele.protocol.sequence.Log.turnStarted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.SessionId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LogRulesTest {
  /** A turn that runs, with a stream that is open. */
  private static Log streaming() {
    return Log.fromStart()
        .with(opened(), queued("t1"), turnStarted("t1"), streamStarted("t1", "s1"));
  }

  /** A turn that runs, with a tool call that has started. */
  private static Log calling() {
    return streaming()
        .with(
            call("t1", "s1", 0, "i1", "{}"),
            streamCompleted("t1", "s1", toolCall("i1", "{}")),
            toolRequested("t1", "i1"),
            toolStarted("t1", "i1", 1));
  }

  @Test
  void a_whole_session_violates_nothing() {
    Log log =
        calling()
            .with(
                toolOutput("t1", "i1", "one"),
                toolCompleted("t1", "i1"),
                streamStarted("t1", "s2"),
                reasoning("t1", "s2", 0, "Hm"),
                reasoning("t1", "s2", 0, "."),
                text("t1", "s2", 1, "It is "))
            .covering(15, 20, catchup(text("t1", "s2", 1, "ni"), text("t1", "s2", 2, "")))
            .with(
                text("t1", "s2", 1, "ne."),
                streamCompleted(
                    "t1",
                    "s2",
                    new Part.Reasoning("Hm.", Optional.empty()),
                    new Part.Text("It is nine."),
                    new Part.Text("")),
                turnCompleted("t1"),
                closed());

    assertThat(log.rules().violations()).isEmpty();
    assertThat(log.rules().open()).isEmpty();
    assertThat(log.rules().last()).isEqualTo(24);
  }

  @Test
  void what_has_not_ended_is_open() {
    assertThat(calling().with(queued("t2")).rules().open())
        .containsExactly(
            "turn t1 has no terminal event.",
            "turn t2 has no terminal event.",
            "invocation i1 has no terminal event.");
  }

  @Nested
  class No_hole_and_no_repeat {
    @Test
    void a_hole_is_found() {
      Log log = streaming().covering(6, 6, text("t1", "s1", 0, "a"));

      assertThat(log.rules().violations()).containsExactly("seq 6: hole: from is 6 (expected: 5).");
    }

    @Test
    void a_repeat_is_found_and_counts_once() {
      Log log =
          streaming()
              .with(text("t1", "s1", 0, "a"))
              .covering(5, 5, text("t1", "s1", 0, "a"))
              .with(streamCompleted("t1", "s1", new Part.Text("a")));

      assertThat(log.rules().violations())
          .containsExactly("seq 5: repeat: from is 5 (expected: 6).");
    }

    @Test
    void recovery_replaces_what_it_covers() {
      Log log =
          streaming()
              .with(text("t1", "s1", 0, "a"))
              .covering(5, 70, recovered())
              .with(streamFailed("t1", "s1"), turnFailed("t1"));

      assertThat(log.rules().violations()).isEmpty();
    }

    @Test
    void recovery_that_leaves_a_hole_is_found() {
      Log log = streaming().covering(6, 70, recovered());

      assertThat(log.rules().violations())
          .containsExactly("seq 70: hole: from is 6 (expected: 5).");
    }

    @Test
    void a_missing_page_of_a_snapshot_is_found() {
      Log log =
          streaming()
              .covering(1, 90, snapshot(1, 3, idle()))
              .covering(1, 90, snapshot(3, 3, idle()));

      assertThat(log.rules().violations())
          .containsExactly("seq 90: hole: from is 1 (expected: 5).");
    }

    @Test
    void another_session_is_found() {
      LogRules rules = streaming().rules();

      assertThat(
              rules.accept(
                  new Event(
                      new SessionId("chat-2"),
                      Covers.of(5),
                      Instant.EPOCH,
                      text("t1", "s1", 0, "a"))))
          .containsExactly("seq 5: session is chat-2 (expected: chat-1).");
    }
  }

  @Nested
  class The_end_is_authoritative {
    @Test
    void a_stream_that_starts_before_the_lost_one_ended_is_found() {
      Log log = streaming().with(recovered(), streamStarted("t1", "s2"));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 6: stream.started before stream s1, open at session.recovered, has ended.");
    }

    @Test
    void a_stream_that_starts_before_the_lost_call_is_settled_is_found() {
      Log log = calling().with(recovered(), streamStarted("t1", "s2"));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 10: stream.started before invocation i1, open at session.recovered, has ended or"
                  + " started again.");
    }

    @Test
    void a_turn_that_starts_before_the_lost_stream_ended_is_found() {
      Log log = streaming().with(recovered(), queued("t2"), turnStarted("t2"));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 7: turn.started before stream s1, open at session.recovered, has ended.");
    }

    @Test
    void a_lost_call_may_start_again() {
      Log log =
          calling()
              .with(
                  toolOutput("t1", "i1", "one"),
                  recovered(),
                  toolStarted("t1", "i1", 2),
                  toolOutput("t1", "i1", "one"),
                  toolCompleted("t1", "i1"),
                  turnCompleted("t1"));

      assertThat(log.rules().violations()).isEmpty();
    }

    @Test
    void a_lost_call_that_goes_on_without_a_new_attempt_is_found() {
      Log log = calling().with(recovered(), toolOutput("t1", "i1", "two"));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 10: tool.output of invocation i1 after session.recovered without a new"
                  + " tool.started.");
    }

    @Test
    void an_attempt_that_is_not_new_is_found() {
      Log log = calling().with(recovered(), toolStarted("t1", "i1", 1));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 10: tool.started of invocation i1 is attempt 1 (expected: more than 1).");
    }
  }

  @Nested
  class Deltas_make_the_text {
    @Test
    void text_that_differs_from_its_deltas_is_found() {
      Log log =
          streaming()
              .with(
                  text("t1", "s1", 0, "It is nin"),
                  streamCompleted("t1", "s1", new Part.Text("It is nine.")));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 6: stream s1: part 0 differs from its deltas at character 9 (11 characters,"
                  + " deltas: 9).");
    }

    @Test
    void text_that_had_no_deltas_is_found() {
      Log log = streaming().with(streamCompleted("t1", "s1", new Part.Text("Hello")));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 5: stream s1: part 0 differs from its deltas at character 0 (5 characters,"
                  + " deltas: 0).");
    }

    @Test
    void deltas_that_made_no_text_are_found() {
      Log log = streaming().with(reasoning("t1", "s1", 1, "Hm"), streamCompleted("t1", "s1"));

      assertThat(log.rules().violations())
          .containsExactly("seq 6: stream s1: part 1 had deltas, but the message has 0 parts.");
    }

    @Test
    void reasoning_that_came_as_text_is_found() {
      Log log =
          streaming()
              .with(
                  text("t1", "s1", 0, "Hm"),
                  streamCompleted("t1", "s1", new Part.Reasoning("Hm", Optional.empty())));

      assertThat(log.rules().violations())
          .containsExactly("seq 6: stream s1: part 0 is REASONING, but its deltas were TEXT.");
    }

    @Test
    void other_arguments_are_found() {
      Log log =
          streaming()
              .with(
                  call("t1", "s1", 0, "i1", "{\"zone\":"),
                  call("t1", "s1", 0, "i1", "\"UTC\"}"),
                  streamCompleted("t1", "s1", toolCall("i1", "{\"zone\":\"CET\"}")));

      assertThat(log.rules().violations())
          .containsExactly("seq 7: stream s1: part 0 has other arguments than its deltas.");
    }

    @Test
    void the_same_arguments_in_another_form_are_the_same() {
      Log log =
          streaming()
              .with(
                  call("t1", "s1", 0, "i1", "{ \"b\": 1.0,"),
                  call("t1", "s1", 0, "i1", " \"a\": [] }"),
                  call("t1", "s1", 1, "i2", "{zone"),
                  call("t1", "s1", 2, "i3", ""),
                  streamCompleted(
                      "t1",
                      "s1",
                      toolCall("i1", "{\"a\":[],\"b\":1}"),
                      toolCall("i2", "\"{zone\""),
                      toolCall("i3", "{}")));

      assertThat(log.rules().violations()).isEmpty();
    }

    @Test
    void who_was_too_slow_gets_the_end_only() {
      Log log =
          streaming()
              .with(text("t1", "s1", 0, "It"))
              .covering(6, 20, streamCompleted("t1", "s1", new Part.Text("It is nine.")));

      assertThat(log.rules().violations()).isEmpty();
    }

    @Test
    void two_deltas_of_one_part_in_a_catchup_are_found() {
      Log log =
          streaming().covering(5, 9, catchup(text("t1", "s1", 0, "a"), text("t1", "s1", 0, "b")));

      assertThat(log.rules().violations())
          .containsExactly("seq 9: catchup has text.delta twice for the same part.");
    }

    @Test
    void a_snapshot_brings_the_text_so_far() {
      Log right =
          Log.fromStart()
              .covering(1, 40, snapshot(1, 2, idle()))
              .covering(1, 40, snapshot(2, 2, running("t1", "s1", text("t1", "s1", 0, "It "))))
              .with(
                  text("t1", "s1", 0, "is."), streamCompleted("t1", "s1", new Part.Text("It is.")));
      Log wrong =
          Log.fromStart()
              .covering(1, 40, snapshot(1, 1, running("t1", "s1", text("t1", "s1", 0, "It "))))
              .with(text("t1", "s1", 0, "is."), streamCompleted("t1", "s1", new Part.Text("is.")));

      assertThat(right.rules().violations()).isEmpty();
      assertThat(wrong.rules().violations()).hasSize(1);
    }
  }

  @Nested
  class One_end_each {
    @Test
    void a_second_end_is_found() {
      Log log = streaming().with(streamFailed("t1", "s1"), streamFailed("t1", "s1"));

      assertThat(log.rules().violations())
          .containsExactly("seq 6: stream.failed of stream s1 after its end.");
    }

    @Test
    void a_delta_after_the_end_is_found() {
      Log log = streaming().with(streamFailed("t1", "s1"), text("t1", "s1", 0, "a"));

      assertThat(log.rules().violations())
          .containsExactly("seq 6: text.delta of stream s1 after its end.");
    }

    @Test
    void a_merged_delta_after_the_end_is_found() {
      Log log = streaming().with(streamFailed("t1", "s1"), catchup(text("t1", "s1", 0, "a")));

      assertThat(log.rules().violations())
          .containsExactly("seq 6: text.delta of stream s1 after its end.");
    }

    @Test
    void output_after_the_end_is_found() {
      Log log = calling().with(toolCompleted("t1", "i1"), toolOutput("t1", "i1", "late"));

      assertThat(log.rules().violations())
          .containsExactly("seq 10: tool.output of invocation i1 after its end.");
    }

    @Test
    void a_turn_that_goes_on_after_its_end_is_found() {
      Log log =
          Log.fromStart()
              .with(opened(), queued("t1"), turnCompleted("t1"), turnStarted("t1"), queued("t1"));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 4: turn.started of turn t1 after its end.",
              "seq 5: turn t1 begins again after its end.");
    }

    @Test
    void an_operation_that_begins_twice_is_found() {
      Log log = calling().with(toolRequested("t1", "i1"));

      assertThat(log.rules().violations()).containsExactly("seq 9: invocation i1 begins twice.");
    }

    @Test
    void a_turn_that_ends_before_its_stream_is_found() {
      Log log = streaming().with(turnCompleted("t1"));

      assertThat(log.rules().violations())
          .containsExactly("seq 5: turn.completed of turn t1 before the end of stream s1.");
    }

    @Test
    void a_turn_that_ends_before_its_call_is_found() {
      Log log = calling().with(turnFailed("t1"));

      assertThat(log.rules().violations())
          .containsExactly("seq 9: turn.failed of turn t1 before the end of invocation i1.");
    }

    @Test
    void a_call_that_starts_before_somebody_allowed_it_is_found() {
      Log wrong =
          Log.fromStart()
              .with(opened(), queued("t1"), turnStarted("t1"), toolRequested("t1", "i1"))
              .with(approvalRequired("t1", "i1"), toolStarted("t1", "i1", 1));
      Log right =
          Log.fromStart()
              .with(opened(), queued("t1"), turnStarted("t1"), toolRequested("t1", "i1"))
              .with(approvalRequired("t1", "i1"), approved("t1", "i1"))
              .with(toolStarted("t1", "i1", 1));

      assertThat(wrong.rules().violations())
          .containsExactly("seq 6: tool.started of invocation i1 before tool.approved.");
      assertThat(right.rules().violations()).isEmpty();
    }

    @Test
    void a_session_that_closes_before_its_turn_is_found() {
      Log log = Log.fromStart().with(opened(), queued("t1"), closed());

      assertThat(log.rules().violations())
          .containsExactly("seq 3: session.closed before the end of turn t1.");
    }

    @Test
    void an_event_after_the_session_closed_is_found() {
      Log log = Log.fromStart().with(opened(), closed(), queued("t1"));

      assertThat(log.rules().violations())
          .containsExactly("seq 3: turn.queued after session.closed.");
    }

    @Test
    void an_event_of_something_that_never_began_is_found() {
      Log log =
          Log.fromStart()
              .with(opened(), queued("t1"), text("t1", "s1", 0, "a"), toolStarted("t2", "i1", 1));

      assertThat(log.rules().violations())
          .containsExactly(
              "seq 3: text.delta of stream s1 before stream.started.",
              "seq 4: tool.started of invocation i1 before tool.requested.",
              "seq 4: tool.started of turn t2 before turn.queued.");
    }

    @Test
    void an_event_of_another_turn_is_found() {
      Log log = streaming().with(queued("t2"), text("t2", "s1", 0, "a"));

      assertThat(log.rules().violations())
          .containsExactly("seq 6: text.delta of stream s1 is of turn t2 (expected: t1).");
    }

    @Test
    void a_snapshot_that_reopens_what_has_ended_is_found() {
      Log log =
          streaming()
              .with(streamFailed("t1", "s1"))
              .covering(1, 40, snapshot(1, 1, running("t1", "s1")));

      assertThat(log.rules().violations())
          .containsExactly("seq 40: session.snapshot has stream s1 open after its end.");
    }

    @Test
    void what_a_snapshot_leaves_out_has_ended() {
      Log log = streaming().covering(1, 40, snapshot(1, 1, idle())).with(text("t1", "s1", 0, "a"));

      assertThat(log.rules().open()).isEmpty();
      assertThat(log.rules().violations())
          .containsExactly("seq 41: text.delta of stream s1 after its end.");
    }
  }

  @Test
  void a_subscription_that_ended_moves_nothing() {
    Log log = streaming();
    EventBody detached = new EventBody.SessionDetached("slow_consumer", "It fell behind.");
    log.covering(1, 1, detached).with(text("t1", "s1", 0, "a"));

    assertThat(log.rules().violations()).isEmpty();
  }
}
