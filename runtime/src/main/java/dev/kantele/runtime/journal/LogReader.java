package dev.kantele.runtime.journal;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.log.JournalRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;

/** Reads the journal beside the sessions that write it. Thread-safe. */
public interface LogReader {
  /**
   * A row of a session's journal.
   *
   * @param journalNr the journal's own number: from 1, step 1 per persistence id
   */
  record Row(long journalNr, JournalRecord record) {
    public Row {
      WireNumber.require("journalNr", journalNr, 1);
      requireNonNull(record, "record");
    }
  }

  /** The reader of {@code system}'s journal. */
  static LogReader of(ActorSystem<?> system) {
    return switch (JournalKind.of(system.settings().config().getString("kantele.journal.kind"))) {
      case MEMORY -> new MemoryLogReader(system);
      case SQLITE -> new SqliteLogReader(system);
    };
  }

  /**
   * The rows from {@code fromJournalNr} to {@code toJournalNr}, both included, that are in the
   * journal, in order and at the reader's pace, a page at a time. Rows that were deleted, even
   * while the read is under way, are not there; so whoever needs all of them compares the numbers.
   * The source completes at the end of the journal and does not wait for more; it fails if the
   * journal can't be read.
   */
  Source<Row, NotUsed> read(String persistenceId, long fromJournalNr, long toJournalNr);

  /**
   * The ids of at most {@code limit} sessions after {@code after} that have something in the
   * journal, sorted by their characters. A session that was erased is not among them.
   */
  CompletionStage<List<SessionId>> sessions(Optional<SessionId> after, int limit);

  /**
   * As {@link #sessions}, those of one owner only: sessions with a row that bears {@link
   * #ownerTag}.
   */
  CompletionStage<List<SessionId>> sessionsOf(String owner, Optional<SessionId> after, int limit);

  /** The tag of rows by which the sessions of {@code owner} are found. */
  static String ownerTag(String owner) {
    return "owner:" + requireNonNull(owner, "owner");
  }
}
