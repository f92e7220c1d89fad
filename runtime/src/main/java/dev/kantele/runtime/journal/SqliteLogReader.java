package dev.kantele.runtime.journal;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.JournalRecord;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Reads the journal's SQLite file: rows by the plugin, the list of sessions by itself. */
final class SqliteLogReader implements LogReader {
  /**
   * Jumps from one id to the next by the index, so that a session costs the same however many rows
   * it has. Of an erased session the plugin keeps one row, marked as deleted, for its number.
   */
  private static final String SESSIONS =
      """
      WITH RECURSIVE ids (id) AS (
        SELECT (SELECT min(persistence_id) FROM event_journal WHERE persistence_id > ?1)
        UNION ALL
        SELECT (SELECT min(persistence_id) FROM event_journal WHERE persistence_id > ids.id)
        FROM ids WHERE ids.id < ?2
      )
      SELECT id FROM ids
      WHERE id < ?2
        AND (EXISTS (SELECT 1 FROM event_journal WHERE persistence_id = id AND deleted = 0)
          OR EXISTS (SELECT 1 FROM snapshot WHERE persistence_id = id))
      LIMIT ?3
      """;

  /** Most sessions have few rows with a tag, so that there is little to look through and sort. */
  private static final String SESSIONS_OF =
      """
      SELECT DISTINCT persistence_id FROM event_tag
      JOIN event_journal ON ordering = event_id
      WHERE tag = ?4 AND persistence_id > ?1 AND persistence_id < ?2 AND deleted = 0
      ORDER BY persistence_id
      LIMIT ?3
      """;

  private final ActorSystem<?> system;
  private final Path file;
  private final JdbcReadJournal journal;

  SqliteLogReader(ActorSystem<?> system) {
    this.system = system;
    this.file = Path.of(system.settings().config().getString("kantele.journal.sqlite.file"));
    this.journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
  }

  @Override
  public Source<Row, NotUsed> read(String persistenceId, long fromJournalNr, long toJournalNr) {
    return LogPages.source(
        fromJournalNr,
        toJournalNr,
        (from, to) ->
            journal
                .currentEventsByPersistenceId(persistenceId, from, to)
                .take(LogPages.ROWS)
                .map(SqliteLogReader::row)
                .runWith(Sink.seq(), system));
  }

  private static Row row(EventEnvelope envelope) {
    return new Row(envelope.sequenceNr(), (JournalRecord) envelope.event());
  }

  @Override
  public CompletionStage<List<SessionId>> sessions(Optional<SessionId> after, int limit) {
    return query(SESSIONS, after, limit, Optional.empty());
  }

  @Override
  public CompletionStage<List<SessionId>> sessionsOf(
      String owner, Optional<SessionId> after, int limit) {
    return query(SESSIONS_OF, after, limit, Optional.of(LogReader.ownerTag(owner)));
  }

  /** Blocks its thread, which therefore is a virtual one. */
  private CompletionStage<List<SessionId>> query(
      String sql, Optional<SessionId> after, int limit, Optional<String> tag) {
    return CompletableFuture.supplyAsync(
        () -> queryNow(sql, LogPages.lowerBound(after), limit, tag),
        task -> Thread.ofVirtual().name("kantele-session-list").start(task));
  }

  private List<SessionId> queryNow(String sql, String lowerBound, int limit, Optional<String> tag) {
    try (Connection connection = Sqlite.openReadOnly(file);
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, lowerBound);
      query.setString(2, upperBound());
      query.setInt(3, limit);
      if (tag.isPresent()) {
        query.setString(4, tag.get());
      }
      List<SessionId> found = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(LogPages.sessionOf(rows.getString(1)));
        }
      }
      return List.copyOf(found);
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  /** The least text that is after all that begin with the prefix. */
  private static String upperBound() {
    String prefix = LogPages.SESSION_PREFIX;
    int last = prefix.length() - 1;
    return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }
}
