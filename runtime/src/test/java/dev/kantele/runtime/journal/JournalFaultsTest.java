package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.JournalContract.numbers;
import static dev.kantele.runtime.journal.Rows.row;
import static dev.kantele.runtime.journal.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.POJONode;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.journal.JournalFaults.Held;
import dev.kantele.runtime.journal.JournalFaults.InjectedFault;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.log.JournalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The journal in memory, when it is made to fail or told to write what can't be written. */
@Timeout(60)
final class JournalFaultsTest {
  private static final String ID = "session|s";
  private static final String OTHER = "session|other";
  private static final Duration SOON = Duration.ofSeconds(20);

  private final MemoryStore store = new MemoryStore();
  private final JournalFaults faults = store.faults();
  private final TestNode node = TestNode.memory(store);
  private final TestProbe<Recorder.Written> probe = node.kit().createTestProbe();

  @AfterEach
  void stop() {
    node.close();
  }

  @Nested
  class AWrite {
    @Test
    void fails_when_it_is_the_nth_and_stores_nothing() {
      faults.fail(Operation.WRITE, ID, 3);
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      node.writeAll(recorder, 1, 4);
      node.write(recorder, row(5));

      recorder.tell(new Recorder.Write(rows(6, 7), probe.ref()));

      probe.expectTerminated(recorder, SOON);
      assertThat(node.journalNrs(ID)).isEqualTo(numbers(1, 5));
      ActorRef<Recorder.Command> next = node.recorder(ID);
      assertThat(node.write(next, row(6))).isEqualTo(new Recorder.Written(6));
    }

    @Test
    void may_take_effect_and_be_reported_as_failed() {
      faults.failAfterwards(Operation.WRITE, ID, 1);
      ActorRef<Recorder.Command> recorder = node.recorder(ID);

      recorder.tell(new Recorder.Write(rows(1, 2), probe.ref()));

      probe.expectTerminated(recorder, SOON);
      assertThat(node.recorded(node.recorder(ID))).containsExactly(1L, 2L);
    }

    @Test
    void may_be_rejected() {
      faults.reject(ID, 2);
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      node.write(recorder, row(1));

      recorder.tell(new Recorder.Write(rows(2, 2), probe.ref()));

      probe.expectTerminated(recorder, SOON);
      assertThat(node.journalNrs(ID)).containsExactly(1L);
    }

    @Test
    void is_rejected_if_it_cannot_be_serialized() {
      JournalRecord unserializable =
          new JournalRecord(
              Covers.of(1),
              1,
              Instant.EPOCH,
              new JournalRecord.Visible(
                  new EventBody.ToolCompleted(
                      new TurnId("t"), new InvocationId("i"), new POJONode(new Unwritable()))),
              Optional.empty());
      ActorRef<Recorder.Command> recorder = node.recorder(ID);

      recorder.tell(new Recorder.Write(List.of(unserializable), probe.ref()));

      probe.expectTerminated(recorder, SOON);
      assertThat(store.highest(ID)).isZero();
    }

    @Test
    void that_is_held_holds_up_nobody_else() {
      Held held = faults.hold(Operation.WRITE, ID, 1);
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      recorder.tell(new Recorder.Write(rows(1, 1), probe.ref()));
      TestNode.join(held.reached());

      assertThat(node.write(node.recorder(OTHER), row(1))).isEqualTo(new Recorder.Written(1));
      probe.expectNoMessage(Duration.ZERO);
      held.release();

      probe.expectMessage(new Recorder.Written(1));
    }

    @Test
    void that_is_held_is_awaited_by_the_next_incarnation() {
      Held held = faults.hold(Operation.WRITE, ID, 1);
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      recorder.tell(new Recorder.Write(rows(1, 2), probe.ref()));
      TestNode.join(held.reached());
      node.kit().stop(recorder);
      TestProbe<Recorder.Recorded> recorded = node.kit().createTestProbe();
      node.recorder(ID).tell(new Recorder.Read(recorded.ref()));
      recorded.expectNoMessage(Duration.ZERO);

      held.release();

      assertThat(recorded.receiveMessage().seqs()).containsExactly(1L, 2L);
    }

    @Test
    void that_is_held_may_fail_in_the_end() {
      Held held = faults.hold(Operation.WRITE, ID, 1);
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      recorder.tell(new Recorder.Write(rows(1, 2), probe.ref()));
      TestNode.join(held.reached());

      held.fail();

      probe.expectTerminated(recorder, SOON);
      assertThat(store.highest(ID)).isZero();
    }
  }

  @Nested
  class AFault {
    @Test
    void may_concern_everybody_until_it_is_taken_back() {
      faults.failAll(Operation.WRITE, JournalFaults.ANY);
      for (String id : List.of(ID, OTHER, ID)) {
        ActorRef<Recorder.Command> recorder = node.recorder(id);
        recorder.tell(new Recorder.Write(rows(1, 1), probe.ref()));
        probe.expectTerminated(recorder, SOON);
      }
      faults.clear();

      assertThat(node.write(node.recorder(ID), row(1))).isEqualTo(new Recorder.Written(1));
    }

    @Test
    void concerns_nobody_else() {
      faults.failAll(Operation.WRITE, OTHER);
      faults.failAll(Operation.REPLAY, ID);

      assertThat(node.write(node.recorder(ID), row(1))).isEqualTo(new Recorder.Written(1));
    }

    @Test
    void may_concern_the_nth_write_that_has_a_certain_row() {
      faults.fail(new JournalFaults.Write(ID, row -> row.seq() >= 3 && row.seq() <= 5, 2));
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      node.writeAll(recorder, 1, 2);
      node.write(recorder, row(3));

      recorder.tell(new Recorder.Write(rows(4, 5), probe.ref()));

      probe.expectTerminated(recorder, SOON);
      assertThat(node.journalNrs(ID)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void of_a_recovery_stops_the_actor() {
      node.write(node.recorder(ID), row(1));
      faults.fail(Operation.LOAD_SNAPSHOT, ID, 1);
      probe.expectTerminated(node.recorder(ID), SOON);
      faults.fail(Operation.REPLAY, ID, 1);
      probe.expectTerminated(node.recorder(ID), SOON);

      assertThat(node.recorded(node.recorder(ID))).containsExactly(1L);
    }

    @Test
    void of_a_snapshot_leaves_the_events() {
      faults.fail(Operation.SAVE_SNAPSHOT, ID, 1);
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 2);
      node.write(recorder, row(1));
      node.write(recorder, row(2));

      assertThat(node.write(recorder, row(3))).isEqualTo(new Recorder.Written(3));
      assertThat(node.recorded(node.recorder(ID, 2))).containsExactly(1L, 2L, 3L);
    }

    @Test
    void of_a_deletion_fails_the_pruning_which_can_be_repeated() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 2);
      for (long seq = 1; seq <= 4; seq++) {
        node.write(recorder, row(seq));
      }
      faults.fail(Operation.DELETE, ID, 1);
      assertThatThrownBy(() -> TestNode.join(node.pruner().prune(ID, 2, 0)))
          .hasCauseInstanceOf(InjectedFault.class);
      faults.fail(Operation.DELETE_SNAPSHOTS, ID, 1);
      assertThatThrownBy(() -> TestNode.join(node.pruner().prune(ID, 0, 2)))
          .hasCauseInstanceOf(InjectedFault.class);

      TestNode.join(node.pruner().prune(ID, 2, 2));

      assertThat(node.journalNrs(ID)).containsExactly(3L, 4L);
    }

    @Test
    void between_two_steps_of_an_erasure_leaves_the_last_row_to_be_replayed() {
      for (Operation step : List.of(Operation.DELETE, Operation.DELETE_SNAPSHOTS)) {
        String id = "session|" + step;
        ActorRef<Recorder.Command> recorder = node.recorder(id, 2);
        for (long seq = 1; seq <= 4; seq++) {
          node.write(recorder, row(seq));
        }
        node.write(recorder, Rows.erased(5));
        node.stop(recorder);
        faults.fail(step, id, step == Operation.DELETE ? 2 : 1);
        assertThatThrownBy(() -> TestNode.join(node.pruner().erase(id)))
            .hasCauseInstanceOf(InjectedFault.class);

        assertThat(node.journalNrs(id)).containsExactly(5L);
        assertThat(node.recorded(node.recorder(id)).getLast()).isEqualTo(5);
      }
    }
  }

  @Nested
  class AReader {
    @Test
    void asks_for_a_page_when_the_one_before_is_used_up() {
      node.writeAll(node.recorder(ID), 1, 2 * LogPages.ROWS);
      Held held = faults.hold(Operation.READ, ID, 2);
      SinkQueueWithCancel<LogReader.Row> rows =
          node.reader().read(ID, 1, Long.MAX_VALUE).runWith(Sink.queue(), node.system());

      for (long nr = 1; nr <= LogPages.ROWS; nr++) {
        assertThat(TestNode.join(rows.pull()).orElseThrow().journalNr()).isEqualTo(nr);
      }
      TestNode.join(held.reached());
      held.release();

      assertThat(TestNode.join(rows.pull())).isPresent();
      rows.cancel();
    }

    @Test
    void is_told_that_the_journal_cannot_be_read() {
      node.writeAll(node.recorder(ID), 1, 2);
      faults.fail(Operation.READ, ID, 1);

      assertThatThrownBy(() -> node.read(ID, 1, 2)).hasCauseInstanceOf(InjectedFault.class);
    }
  }

  /** What Jackson fails to write. */
  static final class Unwritable {
    public Unwritable getSelf() {
      return this;
    }
  }

  @Test
  void a_fault_before_the_first_operation_is_a_mistake() {
    assertThatThrownBy(() -> faults.fail(Operation.WRITE, ID, 0))
        .hasMessage("nth: 0 (expected: 1 or more)");
  }
}
