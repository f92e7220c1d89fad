package dev.kantele.runtime.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of the journal's file: ours, with the column names that the JDBC plugin expects. The
 * schema's version is the file's {@code user_version}.
 */
final class SqliteSchema {
  /** The schema that this version writes, and the newest that it reads. */
  static final int VERSION = 2;

  /**
   * {@code UNIQUE (persistence_id, sequence_number)} is what keeps a second writer of a session
   * out. {@code ordering} is declared {@code AUTOINCREMENT} so that deleting the newest rows does
   * not give their numbers out again.
   */
  private static final List<String> VERSION_1 =
      List.of(
          """
          CREATE TABLE event_journal (
            ordering INTEGER PRIMARY KEY AUTOINCREMENT,
            persistence_id TEXT NOT NULL,
            sequence_number INTEGER NOT NULL,
            deleted INTEGER NOT NULL DEFAULT 0,
            writer TEXT NOT NULL,
            write_timestamp INTEGER NOT NULL,
            adapter_manifest TEXT NOT NULL,
            event_ser_id INTEGER NOT NULL,
            event_ser_manifest TEXT NOT NULL,
            event_payload BLOB NOT NULL,
            meta_ser_id INTEGER,
            meta_ser_manifest TEXT,
            meta_payload BLOB,
            UNIQUE (persistence_id, sequence_number)
          )""",
          """
          CREATE TABLE event_tag (
            event_id INTEGER NOT NULL REFERENCES event_journal (ordering) ON DELETE CASCADE,
            tag TEXT NOT NULL,
            PRIMARY KEY (event_id, tag)
          ) WITHOUT ROWID""",
          """
          CREATE TABLE snapshot (
            persistence_id TEXT NOT NULL,
            sequence_number INTEGER NOT NULL,
            created INTEGER NOT NULL,
            snapshot_ser_id INTEGER NOT NULL,
            snapshot_ser_manifest TEXT NOT NULL,
            snapshot_payload BLOB NOT NULL,
            meta_ser_id INTEGER,
            meta_ser_manifest TEXT,
            meta_payload BLOB,
            PRIMARY KEY (persistence_id, sequence_number)
          )""");

  /** The sessions of before belong to the only principal that there was. */
  private static final List<String> VERSION_2 =
      List.of(
          "CREATE INDEX event_tag_by_tag ON event_tag (tag, event_id)",
          """
          INSERT INTO event_tag (event_id, tag)
          SELECT max(ordering), 'owner:local' FROM event_journal
          WHERE persistence_id LIKE 'session|%' AND deleted = 0
          GROUP BY persistence_id""");

  /** Creates what is missing, a version in one transaction each. */
  static void prepare(Path file) {
    try (Connection connection = Sqlite.open(file)) {
      long version = Sqlite.queryLong(connection, "PRAGMA user_version");
      if (version > VERSION) {
        throw JournalException.newer(file, "schema", version, VERSION);
      }
      if (version < 1) {
        apply(connection, VERSION_1, 1);
      }
      if (version < 2) {
        apply(connection, VERSION_2, 2);
      }
    } catch (SQLException e) {
      throw JournalException.notPrepared(file, e);
    }
  }

  private static void apply(Connection connection, List<String> statements, int version)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
      statement.executeUpdate("PRAGMA user_version = " + version);
    }
    connection.commit();
  }

  private SqliteSchema() {}
}
