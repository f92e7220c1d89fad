package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.SessionSnapshot;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.log.PullReply;
import dev.kantele.runtime.log.Pulled;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Snapshots;
import dev.kantele.runtime.session.actor.SessionMessage.Pull;
import dev.kantele.runtime.session.actor.SessionMessage.RowsRead;
import dev.kantele.runtime.session.actor.SessionMessage.SubscriberGone;
import dev.kantele.runtime.surroundings.DirectStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.japi.function.Predicate;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers' pulls: answered from memory at once, from the journal when its rows are read, or
 * kept until something happens. One a subscriber at the most, so they take no more memory than
 * there are subscribers. Confined to the session's actor.
 */
final class Pulls {
  /** How many reads of the journal one session has under way at the same time. */
  private static final int MAX_READS = 4;

  private static final int MAX_ROWS = 512;

  /** How long a subscriber waits before it asks again after the journal could not be read. */
  private static final Duration READ_PAUSE = Duration.ofMillis(500);

  private final int life;
  private final SessionId session;
  private final ActorContext<SessionMessage> context;
  private final LogReader reader;
  private final SessionLog log;
  private final long rowOffset;
  private final Map<ActorRef<PullReply>, Pull> waiting = new LinkedHashMap<>();
  private final Queue<Read> reads = new ArrayDeque<>();
  private int reading;

  private record Read(Pull pull, Pulled.ReadJournal rows) {}

  /**
   * The pulls of one life of the session; {@code rowOffset} is the journal's number of the row
   * before the log's first.
   */
  Pulls(
      int life,
      SessionId session,
      ActorContext<SessionMessage> context,
      LogReader reader,
      SessionLog log,
      long rowOffset) {
    this.life = life;
    this.session = session;
    this.context = context;
    this.reader = reader;
    this.log = log;
    this.rowOffset = rowOffset;
  }

  boolean areWaiting() {
    return !waiting.isEmpty() || reading > 0;
  }

  /** Answers a pull, or keeps it. */
  void pull(SessionState state, Pull pull, Instant now) {
    LogId current = state.identity().map(SessionState.Identity::log).orElse(null);
    if (current == null || !current.equals(pull.cursor().log())) {
      detach(pull, ErrorCode.CURSOR_UNKNOWN.wireName(), "the session's log is another by now");
      return;
    }
    answer(
        state,
        pull,
        log.pull(
            pull.cursor().after(),
            state.horizon(),
            state.index(),
            pull.maxEvents(),
            pull.maxBytes()),
        now);
  }

  private void answer(SessionState state, Pull pull, Pulled pulled, Instant now) {
    switch (pulled) {
      case Pulled.Deliveries(var deliveries) -> reply(pull, deliveries);
      case Pulled.Nothing _ -> {
        if (waiting.put(pull.replyTo(), pull) == null) {
          context.watchWith(pull.replyTo(), new SubscriberGone(pull.replyTo()));
        }
      }
      case Pulled.Ahead(var lastSeq) ->
          detach(
              pull,
              ErrorCode.CURSOR_UNKNOWN.wireName(),
              "after: " + pull.cursor().after() + " (expected: 0.." + lastSeq + ")");
      case Pulled.ReadJournal rows -> {
        reads.add(new Read(pull, rows));
        readNext();
      }
      case Pulled.TooOld _ -> reply(pull, snapshot(state, now));
    }
  }

  private void readNext() {
    while (reading < MAX_READS && !reads.isEmpty()) {
      Read read = reads.remove();
      reading++;
      context.pipeToSelf(
          DirectStage.of(
              reader
                  .read(
                      SessionActor.persistenceId(session).id(),
                      rowOffset + read.rows().fromRow(),
                      rowOffset + read.rows().fromRow() + MAX_ROWS - 1)
                  .takeWhile(row -> row.record().seq() <= read.rows().throughSeq())
                  .takeWhile(within(read.pull()), /* inclusive= */ true)
                  .runWith(Sink.seq(), Materializer.matFromSystem(context.getSystem()))),
          (rows, failure) -> {
            if (failure != null) {
              context
                  .getSystem()
                  .log()
                  .warn("Journal of session {} could not be read", session, failure);
            }
            return new RowsRead(life, read.pull(), rows);
          });
    }
  }

  /* True as long as what comes after the cursor is less than the pull may get; for one read. */
  private static Predicate<LogReader.Row> within(Pull pull) {
    var bytes = new long[1];
    return row -> {
      if (row.record().content() instanceof JournalRecord.Visible(var body)
          && row.record().seq() > pull.cursor().after()) {
        bytes[0] += SessionLog.sizeOf(body);
      }
      return bytes[0] < pull.maxBytes();
    };
  }

  /** Answers a pull whose rows were read. */
  void rowsRead(SessionState state, Pull pull, @Nullable List<LogReader.Row> rows, Instant now) {
    reading--;
    readNext();
    if (rows == null) {
      context.scheduleOnce(READ_PAUSE, pull.replyTo(), nothingYet(pull));
      return;
    }
    List<JournalRecord> records = rows.stream().map(LogReader.Row::record).toList();
    answer(
        state,
        pull,
        log.compose(
            pull.cursor().after(), state.horizon(), records, pull.maxEvents(), pull.maxBytes()),
        now);
  }

  private List<Delivery> snapshot(SessionState state, Instant now) {
    var covers = new Covers(1, Math.max(log.lastSeq(), 1));
    var deliveries = new ArrayList<Delivery>();
    for (SessionSnapshot page : Snapshots.of(state, log)) {
      deliveries.add(new Delivery(covers, new LogEntry(session, covers, now, page)));
    }
    return deliveries;
  }

  /** Answers what waits, after something happened. */
  void serve(SessionState state, Instant now) {
    if (waiting.isEmpty()) {
      return;
    }
    List<Pull> pulls = List.copyOf(waiting.values());
    Pulled same = null;
    Pull asked = null;
    for (Pull pull : pulls) {
      if (asked == null || !sameQuestion(asked, pull)) {
        same =
            log.pull(
                pull.cursor().after(),
                state.horizon(),
                state.index(),
                pull.maxEvents(),
                pull.maxBytes());
        asked = pull;
      }
      if (!(same instanceof Pulled.Nothing)) {
        forget(pull.replyTo());
        answer(state, pull, requireNonNull(same), now);
      }
    }
  }

  private static boolean sameQuestion(Pull one, Pull other) {
    return one.cursor().after() == other.cursor().after()
        && one.maxEvents() == other.maxEvents()
        && one.maxBytes() == other.maxBytes();
  }

  /** Has everybody who waits ask again, since this life ends. */
  void askAgain() {
    List.copyOf(waiting.values())
        .forEach(
            pull -> {
              forget(pull.replyTo());
              pull.replyTo().tell(nothingYet(pull));
            });
    reads.forEach(read -> read.pull().replyTo().tell(nothingYet(read.pull())));
    reads.clear();
  }

  /** Ends all subscriptions. */
  void detachAll(String code, String message) {
    List.copyOf(waiting.values())
        .forEach(
            pull -> {
              forget(pull.replyTo());
              detach(pull, code, message);
            });
  }

  void gone(ActorRef<PullReply> subscriber) {
    waiting.remove(subscriber);
  }

  private void forget(ActorRef<PullReply> subscriber) {
    waiting.remove(subscriber);
    context.unwatch(subscriber);
  }

  private void reply(Pull pull, List<Delivery> deliveries) {
    Cursor cursor = pull.cursor();
    long after = deliveries.getLast().covers().to();
    pull.replyTo().tell(new PullReply.Batch(deliveries, Cursor.of(cursor.log(), after)));
  }

  private static PullReply nothingYet(Pull pull) {
    return new PullReply.Batch(List.of(), pull.cursor());
  }

  private static void detach(Pull pull, String code, String message) {
    pull.replyTo().tell(new PullReply.Detached(code, message));
  }
}
