package dev.kantele.runtime.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;

/** Looks at the journal's file before it is opened for writing; writes nothing to it. */
final class SqliteCheck {
  /** How every SQLite file begins (SQLite's file format, section 1.3). */
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** Above this, only the schema is read: a start should not take minutes. */
  private static final long CHECKED_BYTES = 256L << 20;

  static void check(Path file) {
    try {
      if (Files.notExists(file) || Files.size(file) == 0) {
        return;
      }
      checkMagic(file);
      checkContent(file);
    } catch (IOException e) {
      throw JournalException.damaged(file, "it can't be read", e);
    }
  }

  private static void checkMagic(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw JournalException.damaged(file, "it is no SQLite database");
      }
    }
  }

  private static void checkContent(Path file) throws IOException {
    try (Connection connection = open(file)) {
      long version = Sqlite.queryLong(connection, "PRAGMA user_version");
      if (version > SqliteSchema.VERSION) {
        throw JournalException.newer(file, "schema", version, SqliteSchema.VERSION);
      }
      Sqlite.queryLong(connection, "SELECT count(*) FROM sqlite_schema");
      if (Files.size(file) <= CHECKED_BYTES) {
        String finding = Sqlite.queryText(connection, "PRAGMA quick_check(1)");
        if (!finding.equals("ok")) {
          throw JournalException.damaged(file, firstLine(finding));
        }
      }
    } catch (SQLException e) {
      throw JournalException.damaged(file, "SQLite can't read it", e);
    }
  }

  /** Read-only, so that closing does not move the log into a file that may be broken. */
  private static Connection open(Path file) throws IOException, SQLException {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    return Files.exists(log) && Files.size(log) > 0
        ? Sqlite.openReadOnly(file)
        : Sqlite.openUnchanging(file);
  }

  private static String firstLine(String finding) {
    return finding.lines().map(String::strip).findFirst().orElse("it fails SQLite's check");
  }

  private SqliteCheck() {}
}
