package dev.kantele.runtime.journal;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.LogReader.Row;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.stream.javadsl.Source;

/** What the readers share: reading by pages, and the persistence ids of sessions. */
final class LogPages {
  /** Rows of a page. */
  static final int ROWS = 64;

  /** How every session's persistence id begins. */
  static final String SESSION_PREFIX = "session" + PersistenceId.DefaultSeparator();

  /** Reads the first {@link #ROWS} rows of a range. */
  @FunctionalInterface
  interface PageReader {
    CompletionStage<List<Row>> read(long fromJournalNr, long toJournalNr);
  }

  /**
   * Asks for one page after another until one is empty. Each page is a query of its own, which
   * skips whatever was deleted since the one before.
   */
  static Source<Row, NotUsed> source(long fromJournalNr, long toJournalNr, PageReader pages) {
    return Source.unfoldAsync(
            fromJournalNr,
            from ->
                from > toJournalNr
                    ? CompletableFuture.completedStage(Optional.<Pair<Long, List<Row>>>empty())
                    : pages
                        .read(from, toJournalNr)
                        .thenApply(
                            page ->
                                page.isEmpty()
                                    ? Optional.<Pair<Long, List<Row>>>empty()
                                    : Optional.of(
                                        Pair.create(page.getLast().journalNr() + 1, page))))
        .mapConcat(page -> page);
  }

  /** The persistence id after which the ids of sessions after {@code after} begin. */
  static String lowerBound(Optional<SessionId> after) {
    return SESSION_PREFIX + after.map(SessionId::value).orElse("");
  }

  static SessionId sessionOf(String persistenceId) {
    return new SessionId(persistenceId.substring(SESSION_PREFIX.length()));
  }

  private LogPages() {}
}
