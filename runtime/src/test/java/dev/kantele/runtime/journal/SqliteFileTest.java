package dev.kantele.runtime.journal;

import static dev.kantele.runtime.journal.Rows.erased;
import static dev.kantele.runtime.journal.Rows.row;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the contract of the journals does not say: what is in the file, and how it is written. */
@Timeout(60)
final class SqliteFileTest {
  private static final String ID = "session|s";
  private static final String SECRET = "the-secret-of-the-session";

  @TempDir private Path root = Path.of("unset");

  @Test
  void every_commit_is_synced() throws SQLException {
    try (DataFolder folder = DataFolder.open(root)) {
      JournalConfig.sqlite(folder);
      try (Connection connection = Sqlite.open(folder.database())) {
        assertThat(Sqlite.queryText(connection, "PRAGMA journal_mode")).isEqualTo("wal");
        assertThat(Sqlite.queryLong(connection, "PRAGMA synchronous")).as("FULL").isEqualTo(2);
        assertThat(Sqlite.queryLong(connection, "PRAGMA busy_timeout")).isEqualTo(10_000);
        assertThat(Sqlite.queryLong(connection, "PRAGMA secure_delete")).isEqualTo(1);
      }
    }
  }

  @Test
  void the_folder_may_have_any_name() {
    Path odd = root.resolve("a b?c%20#d&ä;=x");
    try (TestNode node = TestNode.sqlite(odd)) {
      node.writeAll(node.recorder(ID), 1, 3);
    }
    try (TestNode node = TestNode.sqlite(odd)) {
      assertThat(node.journalNrs(ID)).containsExactly(1L, 2L, 3L);
      assertThat(TestNode.join(node.reader().sessions(Optional.empty(), 5))).hasSize(1);
    }
  }

  @Test
  void nothing_of_an_erased_session_is_left() throws SQLException, IOException {
    try (TestNode node = TestNode.sqlite(root)) {
      ActorRef<Recorder.Command> recorder = node.recorder(ID, 5);
      for (long seq = 1; seq <= 12; seq++) {
        node.write(recorder, row(seq, SECRET));
      }
      node.write(recorder, row(13, SECRET.repeat(10_000)));
      TestNode.join(node.pruner().prune(ID, 4, 3));
      assertThat(cells()).anyMatch(cell -> cell.contains(SECRET));
      assertThat(cells()).anyMatch(cell -> cell.contains("test.recorded"));

      node.write(recorder, erased(13));
      node.stop(recorder);
      TestNode.join(node.pruner().erase(ID));

      assertThat(cells()).noneMatch(cell -> cell.contains(SECRET));
      assertThat(cells()).noneMatch(cell -> cell.contains("test.recorded"));
      assertThat(cells()).filteredOn(cell -> cell.contains("note.erased")).hasSize(1);
      assertThat(query("SELECT count(*) FROM event_journal")).isEqualTo(1);
      assertThat(query("SELECT count(*) FROM snapshot")).isZero();
    }
    try (Stream<Path> files = Files.list(root)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, ISO_8859_1)).as("%s", file).doesNotContain(SECRET);
      }
    }
  }

  @Test
  void sessions_are_found_among_many_rows_and_erased_ones() {
    try (TestNode node = TestNode.sqlite(root)) {
      for (int i = 10; i < 30; i++) {
        String id = "session|s-" + i;
        ActorRef<Recorder.Command> recorder = node.recorder(id);
        node.writeAll(recorder, 1, 50);
        if (i % 2 == 0) {
          node.write(recorder, erased(50));
          node.stop(recorder);
          TestNode.join(node.pruner().erase(id));
        }
      }

      assertThat(TestNode.join(node.reader().sessions(Optional.empty(), 4)))
          .map(Object::toString)
          .containsExactly("s-11", "s-13", "s-15", "s-17");
      assertThat(TestNode.join(node.reader().sessions(Optional.of(new SessionId("s-25")), 10)))
          .map(Object::toString)
          .containsExactly("s-27", "s-29");
    }
  }

  @Test
  void a_full_disk_fails_writes_and_loses_nothing_that_was_confirmed() {
    long confirmed = 0;
    try (TestNode node = TestNode.sqlite(root, limitedTo(200))) {
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      TestProbe<Recorder.Written> probe = node.kit().createTestProbe();
      for (long seq = 1; seq <= 1_000; seq++) {
        recorder.tell(new Recorder.Write(List.of(row(seq, "x".repeat(4_000))), probe.ref()));
      }
      probe.expectTerminated(recorder, Duration.ofSeconds(20));
      confirmed = countOf(probe);
      assertThat(confirmed).isBetween(10L, 999L);
      assertThat(node.journalNrs(ID)).isEqualTo(JournalContract.numbers(1, confirmed));
    }
    try (TestNode node = TestNode.sqlite(root)) {
      ActorRef<Recorder.Command> recorder = node.recorder(ID);
      assertThat(node.recorded(recorder)).isEqualTo(JournalContract.numbers(1, confirmed));
      assertThat(node.write(recorder, row(confirmed + 1)))
          .isEqualTo(new Recorder.Written(confirmed + 1));
    }
  }

  private static long countOf(TestProbe<Recorder.Written> probe) {
    probe.ref().tell(new Recorder.Written(-1));
    List<Recorder.Written> received = new ArrayList<>();
    do {
      received.add(probe.receiveMessage());
    } while (received.getLast().journalNr() > 0);
    return received.size() - 1L;
  }

  /** A database that can't grow beyond so many pages of 4 KiB. */
  private Config limitedTo(int pages) {
    return ConfigFactory.parseMap(
        Map.of(
            "pekko-persistence-jdbc.shared-databases.kantele.db.url",
            Sqlite.url(root.resolve("journal.db")) + "&max_page_count=" + pages));
  }

  /** Every cell of every table, as text. */
  private List<String> cells() throws SQLException {
    List<String> cells = new ArrayList<>();
    for (String table : List.of("event_journal", "event_tag", "snapshot")) {
      try (Connection connection = Sqlite.openReadOnly(root.resolve("journal.db"));
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
        while (rows.next()) {
          for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
            byte[] bytes = rows.getBytes(column);
            cells.add(bytes == null ? "" : new String(bytes, ISO_8859_1));
          }
        }
      }
    }
    return cells;
  }

  private long query(String sql) throws SQLException {
    try (Connection connection = Sqlite.openReadOnly(root.resolve("journal.db"))) {
      return Sqlite.queryLong(connection, sql);
    }
  }
}
