package dev.kantele.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.Catchup;
import dev.kantele.protocol.EventBody.SessionRecovered;
import dev.kantele.protocol.EventBody.ToolOutput;
import dev.kantele.runtime.log.JournalRecord.Visible;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a cursor gets of a log. */
class SessionLogTest {
  private static final long WIDE = 1 << 20;
  private static final int ALL = 1_000;

  /** 1 queued, 2 started, 3 "a", 4 "b", 5 "c". */
  private static TestLog streaming(long windowBytes) {
    return new TestLog(windowBytes)
        .with(
            TestLog.queued("t"),
            TestLog.started(),
            TestLog.text("a"),
            TestLog.text("b"),
            TestLog.text("c"));
  }

  private static List<Covers> covers(List<Delivery> deliveries) {
    return deliveries.stream().map(Delivery::covers).toList();
  }

  private static List<EventBody> bodies(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.entry().body()).toList();
  }

  @Nested
  class Cursors {
    @Test
    void one_that_has_all_gets_nothing() {
      assertThat(streaming(WIDE).pull(5, ALL, WIDE)).isEqualTo(new Pulled.Nothing());
    }

    @Test
    void one_that_is_ahead_is_told_so() {
      assertThat(streaming(WIDE).pull(6, ALL, WIDE)).isEqualTo(new Pulled.Ahead(5));
    }

    @Test
    void one_before_the_horizon_is_too_old() {
      TestLog test = streaming(WIDE);
      test.horizon = 3;

      assertThat(test.pull(1, ALL, WIDE)).isEqualTo(new Pulled.TooOld());
      assertThat(test.pull(2, ALL, WIDE)).isInstanceOf(Pulled.Deliveries.class);
    }

    @Test
    void one_whose_rows_went_while_they_were_read_is_too_old() {
      TestLog test = streaming(WIDE);

      assertThat(test.log.compose(1, 3, test.journal, ALL, WIDE)).isEqualTo(new Pulled.TooOld());
      assertThat(test.log.compose(1, 1, List.of(), ALL, WIDE)).isEqualTo(new Pulled.TooOld());
    }
  }

  @Nested
  class WithinTheWindow {
    @Test
    void each_event_comes_by_itself() {
      List<Delivery> deliveries = streaming(WIDE).deliveries(0, ALL, WIDE);

      assertThat(covers(deliveries))
          .containsExactly(Covers.of(1), Covers.of(2), Covers.of(3), Covers.of(4), Covers.of(5));
      assertThat(bodies(deliveries))
          .containsExactly(
              TestLog.queued("t"),
              TestLog.started(),
              TestLog.text("a"),
              TestLog.text("b"),
              TestLog.text("c"));
    }

    @Test
    void no_more_come_than_are_asked_for() {
      assertThat(covers(streaming(WIDE).deliveries(1, 2, WIDE)))
          .containsExactly(Covers.of(2), Covers.of(3));
    }

    @Test
    void one_comes_even_if_it_is_larger_than_is_asked_for() {
      assertThat(covers(streaming(WIDE).deliveries(0, ALL, 1))).containsExactly(Covers.of(1));
    }

    @Test
    void no_more_bytes_come_than_are_asked_for() {
      long two = 2L * SessionLog.sizeOf(TestLog.text("a"));

      assertThat(covers(streaming(WIDE).deliveries(2, ALL, two)))
          .containsExactly(Covers.of(3), Covers.of(4));
    }

    @Test
    void deltas_of_a_stream_that_ended_come_as_long_as_all_are_there() {
      assertThat(bodies(streaming(WIDE).with(TestLog.completed()).deliveries(3, ALL, WIDE)))
          .containsExactly(TestLog.text("b"), TestLog.text("c"), TestLog.completed());
    }
  }

  @Nested
  class BeyondTheWindow {
    private final long two = 2L * SessionLog.sizeOf(TestLog.text("a"));

    @Test
    void durable_events_are_read_from_the_journal() {
      TestLog test = streaming(two);

      assertThat(test.pull(0, ALL, WIDE)).isEqualTo(new Pulled.ReadJournal(1, 2));
      assertThat(bodies(test.deliveries(0, ALL, WIDE)))
          .containsExactly(TestLog.queued("t"), TestLog.started());
    }

    @Test
    void what_a_running_stream_said_is_merged() {
      List<Delivery> deliveries = streaming(two).with(TestLog.text("d")).deliveries(2, ALL, WIDE);

      assertThat(covers(deliveries)).containsExactly(new Covers(3, 4), Covers.of(5), Covers.of(6));
      assertThat(bodies(deliveries))
          .containsExactly(
              new Catchup(List.of(TestLog.text("ab"))), TestLog.text("c"), TestLog.text("d"));
    }

    @Test
    void a_cursor_in_the_middle_of_it_gets_the_rest() {
      assertThat(bodies(streaming(two).with(TestLog.text("d")).deliveries(3, 1, WIDE)))
          .containsExactly(new Catchup(List.of(TestLog.text("b"))));
    }

    @Test
    void a_merged_text_that_is_too_long_comes_in_pieces() {
      List<Delivery> deliveries = streaming(two).with(TestLog.text("d")).deliveries(2, ALL, 1);

      assertThat(covers(deliveries)).containsExactly(Covers.of(3));
      assertThat(bodies(deliveries)).containsExactly(new Catchup(List.of(TestLog.text("a"))));
    }

    @Test
    void nothing_comes_of_a_stream_that_ended_but_its_end() {
      List<Delivery> deliveries = streaming(two).with(TestLog.completed()).deliveries(2, ALL, WIDE);

      assertThat(covers(deliveries)).containsExactly(new Covers(3, 6));
      assertThat(bodies(deliveries)).containsExactly(TestLog.completed());
    }

    @Test
    void another_attempt_of_a_tool_begins_anew() {
      TestLog test =
          new TestLog(1)
              .with(
                  TestLog.toolStarted(1),
                  TestLog.output("first"),
                  TestLog.toolStarted(2),
                  TestLog.output("second"),
                  TestLog.output(" half"));

      assertThat(bodies(test.deliveries(3, ALL, WIDE)))
          .containsExactly(
              new Catchup(
                  List.of(
                      new ToolOutput(
                          TestLog.TURN, TestLog.CALL, Optional.of("second"), Optional.empty()))),
              TestLog.output(" half"));
    }

    @Test
    void what_is_said_between_two_rows_of_the_journal_is_merged_between_them() {
      TestLog test = streaming(1).with(TestLog.queued("u"), TestLog.text("d"), TestLog.queued("v"));

      assertThat(bodies(test.deliveries(2, ALL, WIDE)))
          .startsWith(new Catchup(List.of(TestLog.text("abc"))), TestLog.queued("u"));
    }
  }

  @Nested
  class Rows {
    @Test
    void a_note_takes_no_number_and_is_not_delivered() {
      TestLog test = streaming(WIDE);
      test.commit(
          new JournalRecord(
              Covers.of(2),
              5 + JournalRecord.RESERVATION,
              TestLog.AT,
              new JournalRecord.Reserved(),
              Optional.empty()));

      assertThat(test.log.lastSeq()).isEqualTo(5);
      assertThat(test.log.room()).isEqualTo(JournalRecord.RESERVATION);
      assertThat(test.pull(5, ALL, WIDE)).isEqualTo(new Pulled.Nothing());
    }

    @Test
    void a_recovery_is_joined_to_whatever_a_cursor_has() {
      var log = new SessionLog(TestLog.SESSION, WIDE);
      log.restart(2, 100);
      log.committed(
          List.of(
              new JournalRecord(
                  new Covers(3, 101),
                  200,
                  TestLog.AT,
                  new Visible(new SessionRecovered()),
                  Optional.empty())));

      assertThat(log.pull(2, 1, RowIndex.EMPTY, ALL, WIDE))
          .isInstanceOfSatisfying(
              Pulled.Deliveries.class,
              pulled ->
                  assertThat(covers(pulled.deliveries())).containsExactly(new Covers(3, 101)));
      assertThat(log.pull(50, 1, RowIndex.EMPTY, ALL, WIDE))
          .isInstanceOfSatisfying(
              Pulled.Deliveries.class,
              pulled ->
                  assertThat(covers(pulled.deliveries())).containsExactly(new Covers(3, 101)));
    }
  }

  @Nested
  class Reservations {
    @Test
    void a_live_event_beyond_the_reservation_is_a_fault() {
      var log = new SessionLog(TestLog.SESSION, WIDE);
      log.restart(7, 8);
      log.live(TestLog.text("a"), TestLog.AT);

      assertThatThrownBy(() -> log.live(TestLog.text("b"), TestLog.AT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("live event after 8 (reserved: up to 8)");
      assertThat(log.lastSeq()).isEqualTo(8);
    }
  }

  @Nested
  class Operations {
    @Test
    void what_a_stream_said_is_known_until_it_ends() {
      TestLog test = streaming(1);

      assertThat(test.log.said("stream")).containsExactly(TestLog.text("abc"));
      assertThat(test.log.lengthOf("stream")).isEqualTo(3);

      test.with(TestLog.completed());
      assertThat(test.log.said("stream")).isEmpty();
      assertThat(test.log.lengthOf("stream")).isZero();
    }

    @Test
    void after_a_restart_nothing_runs() {
      TestLog test = streaming(WIDE);

      test.log.restart(2, 5_000);

      assertThat(test.log.said("stream")).isEmpty();
      assertThat(test.log.lastSeq()).isEqualTo(2);
      assertThat(test.log.windowBytes()).isZero();
    }

    @Test
    void the_window_is_let_go_of_only_while_nothing_runs() {
      TestLog test = streaming(WIDE);
      test.log.release();
      assertThat(test.log.windowBytes()).isPositive();

      test.with(TestLog.completed());
      test.log.release();

      assertThat(test.log.windowBytes()).isZero();
      assertThat(test.pull(0, ALL, WIDE)).isEqualTo(new Pulled.ReadJournal(1, 6));
    }
  }
}
