package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.Rows.row;
import static dev.kantele.runtime.journal.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What both kinds of journal do alike. */
@Timeout(30)
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
      probe.expectTerminated(second, Duration.ofSeconds(5));

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

      List<Long> all = LongStream.rangeClosed(1, 20).boxed().toList();
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

      assertThat(node.recorded(node.recorder(ID, 5)))
          .isEqualTo(LongStream.rangeClosed(1, 12).boxed().toList());
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

  final List<String> sessions(Optional<String> after, int limit) {
    return TestNode.join(node.reader().sessions(after.map(SessionId::new), limit)).stream()
        .map(SessionId::value)
        .toList();
  }
}
