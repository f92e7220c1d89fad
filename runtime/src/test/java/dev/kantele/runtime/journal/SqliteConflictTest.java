package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.kantele.runtime.journal.RawJournal.Pending;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many sessions' rows in one transaction, some of which are in conflict with what is there. */
@Timeout(60)
final class SqliteConflictTest {
  private static final int SESSIONS = 60;

  @TempDir private Path data = Path.of("unset");

  @Test
  void fails_those_whose_number_is_taken_and_nobody_else() throws SQLException {
    try (TestNode node = TestNode.sqlite(data)) {
      Batch batch = new Batch(new RawJournal(node), 20);

      assertThat(batch.stale).noneMatch(Pending::isStored);
      assertThat(batch.current).allMatch(Pending::isStored);
      for (int i = 0; i < SESSIONS; i++) {
        assertThat(node.read("session|s-" + i, 1, 10))
            .containsExactly(new LogReader.Row(1, row(1)), new LogReader.Row(2, row(2)));
      }
    }
  }

  @Test
  void of_two_new_writers_of_one_session_lets_one_in() throws SQLException {
    try (TestNode node = TestNode.sqlite(data)) {
      RawJournal journal = new RawJournal(node);
      List<Pending> both = new ArrayList<>();
      whileLocked(
          journal,
          () -> {
            both.add(journal.write("session|twice", "a", 1, row(1)));
            both.add(journal.write("session|twice", "b", 1, row(2)));
            both.add(journal.write("session|other", "c", 1, row(3)));
          });

      assertThat(both.stream().map(Pending::isStored)).containsExactly(true, false, true);
      assertThat(node.read("session|twice", 1, 10)).containsExactly(new LogReader.Row(1, row(1)));
    }
  }

  @Test
  void does_not_open_the_journals_circuit_breaker() throws SQLException {
    try (TestNode node = TestNode.sqlite(data)) {
      RawJournal journal = new RawJournal(node);
      Batch batch = new Batch(journal, SESSIONS);
      assertThat(batch.stale).noneMatch(Pending::isStored);

      assertThat(journal.write("session|s-1", "now", 3, row(3)).isStored()).isTrue();
      assertThat(node.recorded(node.recorder("session|s-1"))).containsExactly(1L, 2L, 3L);
    }
  }

  /** Why there is a {@link SeparatingJournalDao}. */
  @Test
  void fails_everybody_if_the_plugins_own_dao_writes() throws SQLException {
    String pluginsOwn = "org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao";
    try (TestNode node =
        TestNode.sqlite(data, ConfigFactory.parseString("jdbc-journal.dao = " + pluginsOwn))) {
      Batch batch = new Batch(new RawJournal(node), 1);

      assertThat(batch.stale).noneMatch(Pending::isStored);
      assertThat(batch.current).noneMatch(Pending::isStored);
    }
  }

  /**
   * A second row for each session and, for the first {@code conflicts}, before it one of a writer
   * that does not know of the first row; all in one transaction.
   */
  private final class Batch {
    private final List<Pending> current = new ArrayList<>();
    private final List<Pending> stale = new ArrayList<>();

    Batch(RawJournal journal, int conflicts) throws SQLException {
      for (int i = 0; i < SESSIONS; i++) {
        assertThat(journal.write("session|s-" + i, "now", 1, row(1)).isStored()).isTrue();
      }
      whileLocked(
          journal,
          () -> {
            for (int i = 0; i < conflicts; i++) {
              stale.add(journal.write("session|s-" + i, "before", 1, row(100)));
            }
            for (int i = 0; i < SESSIONS; i++) {
              current.add(journal.write("session|s-" + i, "now", 2, row(2)));
            }
          });
    }
  }

  /** Keeps the writer busy with another row until it has taken in all that {@code writes} sends. */
  private void whileLocked(RawJournal journal, Runnable writes) throws SQLException {
    try (Connection connection = Sqlite.open(data.resolve("journal.db"));
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      Pending first = journal.write("session|first", "first", 1, row(1));
      journal.awaitTaken();
      writes.run();
      journal.awaitTaken();
      statement.execute("COMMIT");
      assertThat(first.isStored()).isTrue();
    }
  }
}
