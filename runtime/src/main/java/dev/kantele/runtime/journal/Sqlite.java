package dev.kantele.runtime.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** Opens SQLite files. */
final class Sqlite {
  /**
   * What each connection of the journal is opened with.
   *
   * <ul>
   *   <li>{@code journal_mode=WAL}: readers don't wait for the writer, and a commit is one
   *       sequential write and one sync.
   *   <li>{@code synchronous=FULL}: each commit is synced before it is confirmed. With {@code
   *       NORMAL}, WAL mode syncs at checkpoints only, and a power failure takes back events that
   *       clients were told are durable. Checkpoints themselves lose nothing either way: frames
   *       stay in the log until the pages they hold are in the file and synced.
   *   <li>{@code transaction_mode=IMMEDIATE}: a transaction that will write waits for its turn when
   *       it begins, where it can wait; one that began by reading would fail when it comes to
   *       write.
   *   <li>{@code busy_timeout=10000}: how many milliseconds it waits.
   *   <li>{@code secure_delete=true}: what is deleted is overwritten, so that an erased session is
   *       gone from the file and not only from the tables.
   * </ul>
   */
  static final String PRAGMAS =
      "journal_mode=WAL&synchronous=FULL&transaction_mode=IMMEDIATE&busy_timeout=10000"
          + "&secure_delete=true";

  /**
   * The file's JDBC URL with {@link #PRAGMAS}. It holds the path as a URI, so that no character in
   * it is taken for a parameter.
   */
  static String url(Path file) {
    return uri(file) + "?" + PRAGMAS;
  }

  static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection(url(file));
  }

  /** Reads beside whoever else is at the file. */
  static Connection openReadOnly(Path file) throws SQLException {
    return readOnly().createConnection(uri(file));
  }

  /** Reads a file that nobody else is at and that has no write-ahead log; touches nothing. */
  static Connection openUnchanging(Path file) throws SQLException {
    return readOnly().createConnection(uri(file) + "?immutable=1");
  }

  private static SQLiteConfig readOnly() {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(10_000);
    return config;
  }

  static long queryLong(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  static String queryText(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static String uri(Path file) {
    return "jdbc:sqlite:" + file.toUri();
  }

  private Sqlite() {}
}
