package dev.kantele.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess.Exit;
import dev.kantele.runtime.journal.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor beside nodes that run, and after one that was killed. */
@Timeout(180)
class DoctorScenario {
  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void choose_the_data_folder() {
    data = folder.resolve("data");
  }

  private Exit doctor(int port) {
    return NodeProcess.run("doctor", "--port", Integer.toString(port), "--data", data.toString());
  }

  @Test
  void a_node_that_runs_is_nothing_to_mend() {
    try (NodeProcess node = NodeProcess.serve(data)) {
      Exit exit = doctor(node.port());

      assertThat(exit.out())
          .contains(
              "ok    port: %d on 127.0.0.1 is in use by a Kantele node\n".formatted(node.port()))
          .contains("ok    data: " + data + " is in use by a node, and is not looked into\n");
      assertThat(exit.code()).isZero();
    }
  }

  @Test
  void a_data_folder_that_something_else_has_open_is() {
    try (var _ = DataFolder.open(data)) {
      Exit exit = doctor(0);

      assertThat(exit.out())
          .contains("fail  data: " + data + " is in use by another process; stop that one");
      assertThat(exit.code()).isEqualTo(1);
    }
  }

  @Test
  void what_a_killed_node_left_is_looked_into_and_stays_as_it_is() throws IOException {
    try (NodeProcess node = NodeProcess.serve(data)) {
      NodeProcess.run("chat", "--url", node.url(), "--session", "s", "Hello");
      node.kill();
    }
    Map<String, String> before = files();
    assertThat(before).containsKeys("journal.db", "journal.db-wal");

    Exit exit = doctor(0);

    assertThat(exit.out()).contains("ok    data: " + data + " can be written, and its journal is");
    assertThat(exit.code()).isZero();
    assertThat(files()).isEqualTo(before);
  }

  /* Its index in shared memory is rebuilt by whoever opens the journal, and nobody's data. */
  private Map<String, String> files() throws IOException {
    var contents = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.toList()) {
        if (!file.toString().endsWith("-shm")) {
          contents.put(
              file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }
}
