package dev.kantele.runtime.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process writes, some checkpoints of the write-ahead log long, and is killed while it
 * does.
 */
@Timeout(60)
final class SqliteCrashTest {
  private static final int ROWS = 4_500;

  @TempDir private Path data = Path.of("unset");

  @Test
  void everything_that_was_confirmed_is_there_after_a_kill() throws Exception {
    Map<String, Long> stored = writeAndKill();
    byte[] log = Files.readAllBytes(data.resolve("journal.db-wal"));
    DataFolder.open(data).close();
    assertThat(data.resolve("journal.db-wal")).hasBinaryContent(log);

    try (TestNode node = TestNode.sqlite(data)) {
      assertThat(stored).hasSize(CrashingWriter.SESSIONS);
      for (Map.Entry<String, Long> session : stored.entrySet()) {
        List<Long> there = node.recorded(node.recorder(session.getKey()));
        assertThat(there).isEqualTo(JournalContract.numbers(1, there.size()));
        assertThat((long) there.size())
            .as("at most the one row that was under way beyond the confirmed ones")
            .isBetween(session.getValue(), session.getValue() + 1);
      }
    }
  }

  /** Returns the highest confirmed number of each session. */
  private Map<String, Long> writeAndKill() throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingWriter.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Map<String, Long> stored = new HashMap<>();
    try (BufferedReader out = writer.inputReader()) {
      for (int row = 0; row < ROWS; row++) {
        note(out.readLine(), stored);
      }
      assertThatThrownBy(() -> DataFolder.open(data).close())
          .isInstanceOf(JournalException.class)
          .hasMessage(
              "data folder "
                  + data
                  + " is in use by another process; stop that one or set kantele.data to another"
                  + " folder");
      // By its handle, for the process itself would close what it has said and we have not read.
      writer.toHandle().destroyForcibly();
      wholeLines(out).forEach(line -> note(line, stored));
      writer.waitFor();
    } finally {
      writer.destroyForcibly();
    }
    return stored;
  }

  /** What is left, without a last line that was cut off: its row counts as under way. */
  private static Stream<String> wholeLines(BufferedReader out) throws IOException {
    String rest = out.readAllAsString();
    return rest.substring(0, rest.lastIndexOf('\n') + 1).lines();
  }

  private static void note(String line, Map<String, Long> stored) {
    assertThat(line).startsWith("stored ");
    String[] words = line.split(" ", -1);
    stored.merge(words[1], Long.parseLong(words[2]), Math::max);
  }
}
