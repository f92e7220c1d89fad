package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.Rows.erased;
import static dev.kantele.runtime.journal.Rows.row;
import static dev.kantele.runtime.journal.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What both kinds of journal do alike. */
@Timeout(60)
abstract class JournalContract {
  static final String ID = "session|s";

  private TestNode node;
  private Path data;

  /** Starts a node on what the ones before it left. */
  abstract TestNode start(Path data);

  @BeforeEach
  final void startNode(@TempDir Path data) {
    this.data = data;
    node = start(data);
  }

  @AfterEach
  final void stopNode() {
    node.close();
  }

  final TestNode node() {
    return node;
  }

  final void restartNode() {
    node.close();
    node = start(data);
  }

  @Nested
  class Events {
    @Test
    void are_replayed_in_order_to_a_new_incarnation() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      assertThat(node.write(recorder, row(1))).isEqualTo(new Recorder.Written(1));
      assertThat(node.write(recorder, row(2), row(3))).isEqualTo(new Recorder.Written(3));
      node.stop(recorder);

      assertThat(node.recorded(node.recorder(ID))).containsExactly(1L, 2L, 3L);
    }

    @Test
    void are_replayed_on_a_new_node_which_goes_on_where_the_old_one_ended() {
      node.writeAll(node.recorder(ID), 1, 1_000);

      restartNode();
      ActorRef<Recorder.Command> recorder = node.recorder(ID);

      assertThat(node.recorded(recorder)).hasSize(1_000).isSorted();
      assertThat(node.write(recorder, row(1_001))).isEqualTo(new Recorder.Written(1_001));
    }

    @Test
    void of_a_second_writer_are_refused_and_none_of_them_is_stored() {
      ActorRef<Recorder.Command> first = node.recorder(ID);
      ActorRef<Recorder.Command> second = node.recorder(ID);
      node.recorded(first);
      node.recorded(second);
      node.write(first, row(1));
      TestProbe<Recorder.Written> probe = node.kit().createTestProbe();

      second.tell(new Recorder.Write(rows(100, 102), probe.ref()));
      probe.expectTerminated(second, Duration.ofSeconds(20));

      probe.expectNoMessage(Duration.ZERO);
      node.write(first, row(2));
      assertThat(node.recorded(node.recorder(ID))).containsExactly(1L, 2L);
    }

    @Test
    void of_many_concurrent_writers_keep_each_writers_order() {
      List<ActorRef<Recorder.Command>> recorders =
          IntStream.range(0, 40).mapToObj(i -> node.recorder("session|w-" + i)).toList();
      TestProbe<Recorder.Written> probe = node.kit().createTestProbe();
      for (int round = 1; round <= 10; round++) {
        for (ActorRef<Recorder.Command> recorder : recorders) {
          recorder.tell(new Recorder.Write(rows(2L * round - 1, 2L * round), probe.ref()));
        }
      }
      probe.receiveSeveralMessages(400, Duration.ofSeconds(20));

      restartNode();

      List<Long> all = numbers(1, 20);
      for (int i = 0; i < 40; i++) {
        assertThat(node.journalNrs("session|w-" + i)).isEqualTo(all);
        assertThat(node.recorded(node.recorder("session|w-" + i))).isEqualTo(all);
      }
    }
  }

  @Nested
  class Snapshots {
    @Test
    void spare_the_replay_of_what_is_before_them() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 5);
      for (long seq = 1; seq <= 12; seq++) {
        node.write(recorder, row(seq));
      }

      restartNode();

      assertThat(node.recorded(node.recorder(ID, 5))).isEqualTo(numbers(1, 12));
    }
  }

  @Nested
  class Reading {
    @Test
    void yields_the_rows_of_the_range_with_the_journals_numbers() {
      node.writeAll(node.recorder(ID), 1, 5);

      assertThat(node.read(ID, 2, 4))
          .containsExactly(
              new LogReader.Row(2, row(2)),
              new LogReader.Row(3, row(3)),
              new LogReader.Row(4, row(4)));
    }

    @Test
    void goes_over_the_bounds_of_pages() {
      int rows = 3 * LogPages.ROWS;
      node.writeAll(node.recorder(ID), 1, rows);

      assertThat(node.journalNrs(ID)).hasSize(rows).isSorted();
      assertThat(node.read(ID, 1, rows)).hasSize(rows);
    }

    @Test
    void completes_at_the_end_of_what_is_there_now() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      node.writeAll(recorder, 1, 2);

      assertThat(node.read(ID, 1, 1_000)).hasSize(2);
      assertThat(node.read(ID, 3, 1_000)).isEmpty();
      assertThat(node.read(ID, 3, 2)).isEmpty();
      assertThat(node.read("session|nobody", 1, 10)).isEmpty();
    }

    @Test
    void skips_what_is_deleted_while_it_is_under_way() {
      node.writeAll(node.recorder(ID), 1, 300);
      SinkQueueWithCancel<LogReader.Row> rows =
          node.reader().read(ID, 1, 300).runWith(Sink.queue(), node.system());
      assertThat(next(rows)).isEqualTo(1);
      TestNode.join(node.pruner().prune(ID, 250, 0));

      for (long nr = 2; nr <= LogPages.ROWS; nr++) {
        assertThat(next(rows)).as("of the page that was read before").isEqualTo(nr);
      }
      for (long nr = 251; nr <= 300; nr++) {
        assertThat(next(rows)).isEqualTo(nr);
      }
      assertThat(TestNode.join(rows.pull())).isEmpty();
    }

    private static long next(SinkQueueWithCancel<LogReader.Row> rows) {
      return TestNode.join(rows.pull()).orElseThrow().journalNr();
    }

    @Test
    void can_be_broken_off() {
      node.writeAll(node.recorder(ID), 1, 200);

      assertThat(
              TestNode.join(
                  node.reader()
                      .read(ID, 1, 200)
                      .take(3)
                      .map(LogReader.Row::journalNr)
                      .runWith(Sink.seq(), node.system())))
          .containsExactly(1L, 2L, 3L);
    }
  }

  @Nested
  class TheListOfSessions {
    @Test
    void is_sorted_and_paged_and_holds_nothing_else() {
      for (String id : List.of("session|b", "session|a", "session|B", "sessio", "session}x")) {
        node.writeAll(node.recorder(id), 1, 3);
      }

      assertThat(sessions(Optional.empty(), 10)).containsExactly("B", "a", "b");
      assertThat(sessions(Optional.empty(), 2)).containsExactly("B", "a");
      assertThat(sessions(Optional.of("a"), 2)).containsExactly("b");
      assertThat(sessions(Optional.of("b"), 2)).isEmpty();
      assertThat(sessions(Optional.of("aa"), 1)).containsExactly("b");
    }

    @Test
    void is_empty_at_first() {
      assertThat(sessions(Optional.empty(), 10)).isEmpty();
    }
  }

  @Nested
  class Pruning {
    @Test
    void deletes_while_the_sessions_own_actor_goes_on_persisting() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 10);
      TestProbe<Recorder.Written> probe = node.kit().createTestProbe();
      for (long seq = 1; seq <= 300; seq++) {
        recorder.tell(new Recorder.Write(rows(seq, seq), probe.ref()));
        if (seq % 50 == 0) {
          probe.receiveSeveralMessages(50);
          TestNode.join(node.pruner().prune(ID, seq - 10, seq - 20));
        }
      }

      assertThat(node.journalNrs(ID)).isEqualTo(numbers(291, 300));
      assertThat(node.recorded(recorder)).isEqualTo(numbers(1, 300));
      restartNode();
      assertThat(node.recorded(node.recorder(ID, 10))).isEqualTo(numbers(1, 300));
    }

    @Test
    void runs_while_a_write_is_under_way() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 1);
      TestProbe<Recorder.Written> probe = node.kit().createTestProbe();
      node.write(recorder, row(1));
      List<CompletionStage<Done>> prunings = new ArrayList<>();
      for (long seq = 2; seq <= 100; seq++) {
        recorder.tell(new Recorder.Write(rows(seq, seq), probe.ref()));
        prunings.add(node.pruner().prune(ID, 1, 0));
      }

      probe.receiveSeveralMessages(99);
      prunings.forEach(TestNode::join);
      assertThat(node.journalNrs(ID)).isEqualTo(numbers(2, 100));
    }

    @Test
    void leaves_the_number_at_which_the_session_goes_on() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 5);
      node.writeAll(recorder, 1, 5);
      TestNode.join(node.pruner().prune(ID, 5, 0));

      restartNode();

      ActorRef<Recorder.Command> next = node.recorder(ID, 5);
      assertThat(node.recorded(next)).isEqualTo(numbers(1, 5));
      assertThat(node.write(next, row(6))).isEqualTo(new Recorder.Written(6));
      assertThat(sessions(Optional.empty(), 10)).containsExactly("s");
    }

    @Test
    void of_nothing_does_nothing() {
      node.writeAll(node.recorder(ID), 1, 3);
      TestNode.join(node.pruner().prune(ID, 0, 0));
      TestNode.join(node.pruner().prune("session|nobody", 0, 0));

      assertThat(node.journalNrs(ID)).isEqualTo(numbers(1, 3));
    }

    @Test
    void past_the_last_row_is_refused() {
      node.writeAll(node.recorder(ID), 1, 3);

      assertThatThrownBy(() -> TestNode.join(node.pruner().prune(ID, 4, 0)))
          .hasMessageContaining("[4] must be less than or equal to lastSequenceNr [3]");
      assertThat(node.journalNrs(ID)).isEqualTo(numbers(1, 3));
    }
  }

  @Nested
  class Erasing {
    @Test
    void takes_the_session_away_and_keeps_its_number() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 3);
      node.writeAll(recorder, 1, 4);
      node.write(recorder, erased(4));
      node.stop(recorder);

      TestNode.join(node.pruner().erase(ID));

      assertThat(node.journalNrs(ID)).isEmpty();
      assertThat(sessions(Optional.empty(), 10)).isEmpty();
      restartNode();
      ActorRef<Recorder.Command> next = node.recorder(ID);
      assertThat(node.recorded(next)).isEmpty();
      assertThat(node.write(next, row(1))).isEqualTo(new Recorder.Written(6));
      assertThat(sessions(Optional.empty(), 10)).containsExactly("s");
    }

    @Test
    void can_be_repeated() {
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      node.write(recorder, row(1), erased(1));
      node.stop(recorder);

      TestNode.join(node.pruner().erase(ID));
      TestNode.join(node.pruner().erase(ID));
      TestNode.join(node.pruner().erase("session|nobody"));

      assertThat(sessions(Optional.empty(), 10)).isEmpty();
    }
  }

  static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  final List<String> sessions(Optional<String> after, int limit) {
    return TestNode.join(node.reader().sessions(after.map(SessionId::new), limit)).stream()
        .map(SessionId::value)
        .toList();
  }
}
