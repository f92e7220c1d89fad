package dev.kantele.runtime;

import static dev.kantele.runtime.TestKantele.ack;
import static dev.kantele.runtime.TestKantele.get;
import static dev.kantele.runtime.TestKantele.prompt;
import static dev.kantele.runtime.TestKantele.rows;
import static dev.kantele.runtime.TestKantele.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody.Durable;
import dev.kantele.protocol.EventBody.SessionSnapshot;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.model.scripted.Script;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a long log, and what those get who ask for more. */
@Timeout(60)
final class RetentionTest {
  private static final int SNAPSHOT_EVERY = 12;
  private static final int KEEP_ROWS = 20;

  /** The rows of one turn of the model below: two for the prompt, four for the rest. */
  private static final int ROWS_OF_A_TURN = 6;

  /** The horizon moves in steps of so many rows. */
  private static final int STRIDE = 64;

  private static final String SETTINGS =
      """
      kantele.session {
        window = 1 KiB
        snapshot-every = %d
        keep-rows = %d
      }
      """
          .formatted(SNAPSHOT_EVERY, KEEP_ROWS);

  private final TestKantele.Parts parts = new TestKantele.Parts();
  private final String hello = parts.model.script("hello", Script.saying("Hello."));

  private void runTurn(Session session) {
    runTurn(session, hello);
  }

  private static void runTurn(Session session, String model) {
    assertThat(get(session.prompt(prompt(session, model)).result()).isCompleted()).isTrue();
  }

  private static List<LogReader.Row> journal(TestKantele node, Session session) {
    return get(
        LogReader.of(node.kantele.system())
            .read(rows(session), 1, Long.MAX_VALUE)
            .runWith(Sink.seq(), session.materializer()));
  }

  /** Runs turns until the journal has no event any more that comes next after {@code seq}. */
  private int runTurnsUntilPruned(TestKantele node, Session session, long seq) {
    int turns = 0;
    while (journal(node, session).getFirst().record().seq() <= seq + 1) {
      assertThat(turns).as("turns after which nothing is pruned").isLessThan(100);
      runTurn(session);
      turns++;
    }
    return turns;
  }

  private static SessionSnapshot snapshot(Event event) {
    assertThat(event.body()).isInstanceOf(SessionSnapshot.class);
    return (SessionSnapshot) event.body();
  }

  private static List<String> transcript(SessionSnapshot snapshot) {
    assertThat(snapshot.pages()).isEqualTo(1);
    return snapshot.state().transcript().stream().map(Message::text).toList();
  }

  /** A log of which the first rows have been deleted. */
  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class InSqlite {
    private final TestKantele node;
    private final Session session;
    private int turns;

    InSqlite(@TempDir Path folder) {
      node = TestKantele.start(folder, SETTINGS, parts);
      session = node.kantele.open("s");
      turns = runTurnsUntilPruned(node, session, 1);
    }

    @AfterAll
    void stop() {
      node.close();
    }

    @Test
    void rows_below_a_snapshot_are_deleted_as_the_log_grows() {
      long last = status(session).lastSeq();

      turns += runTurnsUntilPruned(node, session, last);

      List<LogReader.Row> kept = journal(node, session);
      assertThat(kept.getLast().journalNr()).isGreaterThan((long) turns * ROWS_OF_A_TURN);
      assertThat(kept)
          .hasSizeBetween(
              KEEP_ROWS, 2 * STRIDE + KEEP_ROWS + 3 * (SNAPSHOT_EVERY + ROWS_OF_A_TURN));
    }

    @Test
    void an_older_cursor_gets_what_is_now_and_then_what_comes() {
      runTurn(session);
      turns++;
      long last = status(session).lastSeq();

      Subscriber late = Subscriber.of(session);
      Event first = late.next();

      assertThat(first.covers()).isEqualTo(new Covers(1, last));
      assertThat(transcript(snapshot(first))).hasSize(2 * turns).endsWith("Go on.", "Hello.");
      runTurn(session);
      turns++;
      assertThat(late.awaitTurnEnd()).isInstanceOf(TurnCompleted.class);
      assertThat(late.seen(SessionSnapshot.class)).hasSize(1);
      assertThat(late.open()).isEmpty();
    }

    @Test
    void a_cursor_within_what_is_kept_gets_each_event() {
      long last = status(session).lastSeq();
      long kept = journal(node, session).getFirst().record().seq();

      Subscriber late = Subscriber.after(session, kept);
      late.await(event -> event.seq() == last);

      assertThat(late.seen())
          .extracting(Event::body)
          .filteredOn(Durable.class::isInstance)
          .isEqualTo(
              journal(node, session).stream()
                  .map(LogReader.Row::record)
                  .filter(row -> row.seq() > kept && row.content() instanceof Visible)
                  .map(row -> ((Visible) row.content()).body())
                  .toList());
      assertThat(late.seen(SessionSnapshot.class)).isEmpty();
    }

    @Test
    void what_a_running_stream_has_said_is_in_the_snapshot() {
      var calls = parts.model.byHand("by-hand");
      Subscriber early = Subscriber.after(session, status(session).lastSeq());
      ack(session.submit(prompt(session, calls.model)));
      turns++;
      TestModel.Call call = calls.next();
      call.say("One, ");
      early.await(TextDelta.class);

      Subscriber late = Subscriber.of(session);
      SnapshotState.OpenTurn open = snapshot(late.next()).state().turn().orElseThrow();
      assertThat(open.stream().orElseThrow().parts())
          .singleElement()
          .isInstanceOfSatisfying(
              TextDelta.class, delta -> assertThat(delta.text()).isEqualTo("One, "));
      call.say("Hello.");
      call.finish();
      late.awaitTurnEnd();

      assertThat(late.seen(TextDelta.class)).extracting(TextDelta::text).containsExactly("Hello.");
      assertThat(late.open()).isEmpty();
    }

    @Test
    void a_subscriber_that_reads_nothing_for_long_goes_on_from_a_snapshot() {
      /* So much that the node's subscribers have it in common no longer. */
      String novel = parts.model.script("novel", Script.saying("x".repeat(200_000)));
      Session other = node.open();
      Subscriber slow = Subscriber.of(other);
      runTurn(other);
      slow.next();
      runTurn(other, novel);
      runTurn(other, novel);
      runTurnsUntilPruned(node, other, slow.last() + 60);

      slow.await(SessionSnapshot.class);
      runTurn(other);
      long last = status(other).lastSeq();
      slow.await(event -> event.seq() == last);

      assertThat(slow.open()).isEmpty();
    }
  }

  @Nested
  class AfterARestart {
    @Test
    void the_log_is_what_it_was_and_its_horizon_moves_on(@TempDir Path folder) {
      int turns;
      long last;
      long kept;
      try (TestKantele node = TestKantele.start(folder, SETTINGS, parts)) {
        Session session = node.kantele.open("s");
        turns = runTurnsUntilPruned(node, session, 1);
        last = status(session).lastSeq();
        kept = journal(node, session).getFirst().record().seq();
      }

      try (TestKantele node = TestKantele.start(folder, SETTINGS, parts)) {
        Session session = node.kantele.open("s");
        assertThat(session.isNew()).isFalse();
        assertThat(status(session).lastSeq()).isEqualTo(last);
        Subscriber early = Subscriber.of(session);
        assertThat(transcript(snapshot(early.next()))).hasSize(2 * turns);
        Subscriber late = Subscriber.after(session, kept);
        late.await(event -> event.seq() == last);
        assertThat(late.seen(SessionSnapshot.class)).isEmpty();

        turns += runTurnsUntilPruned(node, session, kept);
        assertThat(transcript(snapshot(Subscriber.after(session, kept).next()))).hasSize(2 * turns);
      }
    }
  }

  /** Where a read of the journal can be held until it is too late. */
  @Nested
  class InMemory {
    @Test
    void a_read_that_finds_its_rows_deleted_starts_over_from_a_snapshot() {
      try (TestKantele node = TestKantele.start(SETTINGS, parts)) {
        Session session = node.open();
        runTurn(session);
        runTurn(session);
        JournalFaults.Held read = node.faults().hold(Operation.READ, rows(session), 1);
        Subscriber late = Subscriber.of(session);
        get(read.reached());
        JournalFaults.Held prune = node.faults().hold(Operation.DELETE, rows(session), 1);
        while (!prune.reached().toCompletableFuture().isDone()) {
          runTurn(session);
        }
        prune.release();
        read.release();

        assertThat(late.next().body()).isInstanceOf(SessionSnapshot.class);
        long last = status(session).lastSeq();
        runTurn(session);
        late.awaitTurnEnd();
        assertThat(late.last()).isGreaterThan(last);
        assertThat(late.open()).isEmpty();
      }
    }
  }
}
