package dev.kantele.runtime.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DataFolderTest {
  @Nested
  class ANewOne {
    @Test
    void is_created_with_its_parents_and_its_format(@TempDir Path root) throws IOException {
      Path path = root.resolve("a/b/data");
      try (DataFolder folder = DataFolder.open(path)) {
        assertThat(folder.path()).isEqualTo(path.toAbsolutePath());
        assertThat(path.resolve("format")).hasContent("1");
        assertThat(folder.database()).doesNotExist();
      }
    }

    @Test
    void can_be_opened_again_when_it_was_closed(@TempDir Path root) {
      DataFolder.open(root).close();
      DataFolder.open(root).close();
    }

    @Test
    void can_have_any_name(@TempDir Path root) throws IOException {
      Path path = root.resolve("a b?c%20#d&ä");
      try (DataFolder folder = DataFolder.open(path)) {
        JournalConfig.sqlite(folder);
        assertThat(folder.database()).isNotEmptyFile();
      }
      try (Stream<Path> siblings = Files.list(root)) {
        assertThat(siblings).containsExactly(path);
      }
      DataFolder.open(path).close();
    }
  }

  @Nested
  class Inspecting {
    @Test
    void one_that_is_missing_creates_nothing(@TempDir Path root) {
      assertThat(DataFolder.inspect(root.resolve("a/b"))).isEqualTo(DataFolder.State.MISSING);
      assertThat(root).isEmptyDirectory();
    }

    @Test
    void one_that_is_empty_leaves_it_empty(@TempDir Path root) {
      assertThat(DataFolder.inspect(root)).isEqualTo(DataFolder.State.USABLE);
      assertThat(root).isEmptyDirectory();
    }

    @Test
    void one_that_was_closed_does_not_keep_it_locked(@TempDir Path root) {
      DataFolder.open(root).close();

      assertThat(DataFolder.inspect(root)).isEqualTo(DataFolder.State.USABLE);
      DataFolder.open(root).close();
    }
  }

  @Nested
  class OneThatCannotBeUsed {
    @Test
    void because_it_is_a_file(@TempDir Path root) throws IOException {
      Path file = Files.writeString(root.resolve("data"), "mine");

      assertRefused(file, "data folder " + file + " is not a folder; set kantele.data to one");
      assertThat(file).hasContent("mine");
    }

    @Test
    void because_its_parent_is_a_file(@TempDir Path root) throws IOException {
      Path path = Files.writeString(root.resolve("file"), "mine").resolve("data");

      assertRefused(path, "data folder " + path + " can't be created; set kantele.data to");
    }

    @Test
    void because_nobody_may_write_to_it(@TempDir Path root) {
      assertThat(root.toFile().setWritable(false)).isTrue();
      try {
        assumeFalse(Files.isWritable(root), "the superuser may write everywhere");
        assertRefused(root, "data folder " + root + " is not writable; let this user write to it");
      } finally {
        assertThat(root.toFile().setWritable(true)).isTrue();
      }
    }

    @Test
    void because_its_lock_file_cannot_be_opened(@TempDir Path root) throws IOException {
      Files.createDirectory(root.resolve("lock"));

      assertRefused(root, "data folder " + root + " is not writable");
    }

    @Test
    void because_it_is_open(@TempDir Path root) {
      try (DataFolder first = DataFolder.open(root)) {
        assertNotOpened(
            first.path(), "data folder " + root + " is in use by this process; close its first");
        assertThat(DataFolder.inspect(root)).isEqualTo(DataFolder.State.IN_USE);
      }
    }

    @Test
    void because_it_is_of_a_newer_version(@TempDir Path root) throws IOException {
      Files.writeString(root.resolve("format"), "2\n");

      assertRefused(
          root,
          root
              + " was written by a newer Kantele (format 2, this one reads up to 1): start that"
              + " version again; nothing was changed");
      assertThat(root.resolve("format")).hasContent("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "-1", "99999999999"})
    void because_its_format_is_no_number(String content, @TempDir Path root) throws IOException {
      Files.writeString(root.resolve("format"), content);

      assertRefused(root, root.resolve("format") + " is damaged: it holds no number");
    }
  }

  @Nested
  class OneThatIsOpen {
    @Test
    @Timeout(60)
    void stays_closed_to_others_though_it_was_asked_for_here_again(@TempDir Path root)
        throws Exception {
      try (DataFolder first = DataFolder.open(root)) {
        assertThatThrownBy(() -> DataFolder.open(first.path()))
            .isInstanceOf(JournalException.class);
        assertThat(DataFolder.inspect(root)).isEqualTo(DataFolder.State.IN_USE);

        assertThat(FolderOpener.run(root)).isEqualTo(FolderOpener.REFUSED);
      }
      assertThat(FolderOpener.run(root)).isZero();
    }

    @Test
    void can_be_closed_twice_without_harm_to_who_has_it_next(@TempDir Path root) {
      DataFolder first = DataFolder.open(root);
      first.close();
      try (DataFolder next = DataFolder.open(root)) {
        first.close();

        assertThatThrownBy(() -> DataFolder.open(next.path())).isInstanceOf(JournalException.class);
      }
    }
  }

  @Nested
  class OneWithAJournal {
    @TempDir private Path root = Path.of("unset");

    private Path database = root;

    @BeforeEach
    void writeAJournal() throws SQLException {
      try (DataFolder folder = DataFolder.open(root)) {
        database = folder.database();
        JournalConfig.sqlite(folder);
        try (Connection connection = Sqlite.open(database);
            Statement statement = connection.createStatement()) {
          for (int i = 1; i <= 200; i++) {
            statement.executeUpdate(
                "INSERT INTO snapshot VALUES ('x', %d, 0, 0, '', zeroblob(5000), NULL, NULL, NULL)"
                    .formatted(i));
          }
        }
      }
    }

    @Test
    void is_left_as_it_is_by_opening_and_by_inspecting_it() throws IOException {
      Map<String, Integer> before = contents();
      DataFolder.open(root).close();
      assertThat(DataFolder.inspect(root)).isEqualTo(DataFolder.State.USABLE);

      assertThat(contents()).isEqualTo(before);
    }

    @Test
    void keeps_its_tables_when_it_is_prepared_again() throws SQLException {
      try (DataFolder folder = DataFolder.open(root)) {
        JournalConfig.sqlite(folder);
      }
      try (Connection connection = Sqlite.openReadOnly(database)) {
        assertThat(Sqlite.queryLong(connection, "SELECT count(*) FROM snapshot")).isEqualTo(200);
      }
    }

    @Test
    void of_a_newer_schema_is_refused() throws IOException, SQLException {
      try (Connection connection = Sqlite.open(database);
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("PRAGMA user_version = 3");
      }

      assertLeftAlone(
          database + " was written by a newer Kantele (schema 3, this one reads up to 2)");
    }

    @Test
    void that_is_no_database_is_refused() throws IOException {
      Files.writeString(database, "This is a letter.".repeat(1_000));

      assertLeftAlone(database + " is damaged: it is no SQLite database; move it away or restore");
    }

    @Test
    void with_overwritten_pages_is_refused() throws IOException {
      byte[] noise = new byte[100_000];
      Arrays.fill(noise, (byte) 0x5A);
      try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(noise), 20_000);
      }

      assertLeftAlone(database + " is damaged: ");
    }

    @Test
    void that_was_cut_off_is_refused() throws IOException {
      try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
        file.truncate(file.size() / 2);
      }

      assertLeftAlone(database + " is damaged: ");
    }

    @Test
    void of_which_only_the_header_is_left_is_refused() throws IOException {
      Files.write(database, Arrays.copyOf("SQLite format 3\0".getBytes(US_ASCII), 100));

      assertLeftAlone(database + " is damaged: SQLite can't read it; move it away");
    }

    @Test
    void that_is_empty_is_made_anew() throws IOException {
      Files.write(database, new byte[0]);

      try (DataFolder folder = DataFolder.open(root)) {
        JournalConfig.sqlite(folder);
      }
      assertThat(database).isNotEmptyFile();
    }

    @Test
    void that_cannot_get_its_tables_is_refused(@TempDir Path other) throws SQLException {
      try (DataFolder folder = DataFolder.open(other)) {
        try (Connection connection = Sqlite.open(folder.database());
            Statement statement = connection.createStatement()) {
          statement.executeUpdate("CREATE TABLE snapshot (mine TEXT)");
        }
        assertThatThrownBy(() -> JournalConfig.sqlite(folder))
            .isInstanceOf(JournalException.class)
            .hasMessageStartingWith(
                "the tables of " + folder.database() + " can't be created; check that the disk");
        try (Connection connection = Sqlite.openReadOnly(folder.database())) {
          assertThat(Sqlite.queryLong(connection, "SELECT count(*) FROM sqlite_schema"))
              .as("no half of the schema")
              .isEqualTo(1);
        }
      }
    }

    private void assertLeftAlone(String message) throws IOException {
      Map<String, Integer> before = contents();
      assertRefused(root, message);
      assertThat(contents()).isEqualTo(before);
    }

    /** What is in each file, as a hash. */
    private Map<String, Integer> contents() throws IOException {
      Map<String, Integer> contents = new TreeMap<>();
      try (Stream<Path> files = Files.list(root)) {
        for (Path file : files.toList()) {
          contents.put(root.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
        }
      }
      return contents;
    }
  }

  @Nested
  class ItsSettings {
    @Test
    void name_the_kind_and_the_folder() {
      assertThat(settings("sqlite"))
          .isEqualTo(new JournalSettings(JournalKind.SQLITE, Path.of("here")));
      assertThat(settings("memory").kind()).isEqualTo(JournalKind.MEMORY);
    }

    @Test
    void of_an_unknown_kind_are_refused() {
      assertThatThrownBy(() -> settings("h2"))
          .hasMessage("kantele.journal.kind: h2 (expected: memory, sqlite)");
    }

    private static JournalSettings settings(String kind) {
      return JournalSettings.of(
          ConfigFactory.parseMap(Map.of("kantele.journal.kind", kind, "kantele.data", "here")));
    }
  }

  private static void assertRefused(Path path, String message) {
    assertNotOpened(path, message);
    assertThatThrownBy(() -> DataFolder.inspect(path))
        .isInstanceOf(JournalException.class)
        .hasMessageStartingWith(message);
  }

  private static void assertNotOpened(Path path, String message) {
    assertThatThrownBy(() -> DataFolder.open(path).close())
        .isInstanceOf(JournalException.class)
        .hasMessageStartingWith(message);
  }
}
