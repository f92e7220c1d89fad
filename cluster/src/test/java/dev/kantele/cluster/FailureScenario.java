package dev.kantele.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess.Exit;
import dev.kantele.cluster.NodeProcess.Launch;
import dev.kantele.runtime.journal.DataFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong, the user gets one sentence on standard error, and the exit code says so. */
@Timeout(120)
class FailureScenario {
  @TempDir private Path folder;

  private Launch serve(String... options) {
    String[] arguments = new String[options.length + 5];
    System.arraycopy(
        new String[] {"serve", "--port", "0", "--data", folder.resolve("data").toString()},
        0,
        arguments,
        0,
        5);
    System.arraycopy(options, 0, arguments, 5, options.length);
    return Launch.of(arguments);
  }

  private Path write(String file, String content) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }

  private static void assertFails(Launch launch, String sentence) {
    Exit exit = NodeProcess.run(launch);

    assertThat(exit.err()).isEqualTo("kantele: " + sentence + "\n");
    assertThat(exit.out()).isEmpty();
    assertThat(exit.code()).isEqualTo(1);
  }

  @Nested
  class Settings {
    @Test
    void an_unknown_model() {
      assertFails(
          serve("--model", "acme/large"),
          "kantele.agents.assistant.model: 'acme/large' (expected: one of scripted/demo)");
    }

    @Test
    void a_configuration_file_that_is_no_hocon() throws IOException {
      Path file = write("node.conf", "kantele {\n  http { port = [ }\n}\n");
      Exit exit = NodeProcess.run(serve("--config", file.toString()));

      assertThat(exit.err()).startsWith("kantele: " + file + ":2: ").hasLineCount(1);
      assertThat(exit.code()).isEqualTo(1);
    }

    @Test
    void a_configuration_file_that_is_missing() {
      Path file = folder.resolve("missing.conf");

      assertFails(
          serve().with("KANTELE_CONFIG", file.toString()),
          "configuration file %s does not exist; name another by --config or KANTELE_CONFIG"
              .formatted(file));
    }

    @Test
    void a_variable_with_a_value_that_can_not_be() {
      assertFails(
          Launch.of("serve").with("KANTELE_JOURNAL", "paper"),
          "kantele.journal.kind: paper (expected: memory, sqlite)");
    }
  }

  @Nested
  class Data_folder {
    private Path data() {
      return folder.resolve("data");
    }

    @Test
    void that_another_process_uses() {
      try (var _ = DataFolder.open(data())) {
        assertFails(
            serve(),
            "data folder %s is in use by another process; stop that one or set kantele.data to another folder"
                .formatted(data()));
      }
    }

    @Test
    void that_a_newer_version_wrote() throws IOException {
      write("data/format", "99\n");

      assertFails(
          serve(),
          "%s was written by a newer Kantele (format 99, this one reads up to 1): start that version again; nothing was changed"
              .formatted(data()));
    }

    @Test
    void that_is_damaged() throws IOException {
      write(
          "data/journal.db",
          "this was never a database, but it is long enough to be one".repeat(20));
      Exit exit = NodeProcess.run(serve());

      assertThat(exit.err())
          .startsWith("kantele: " + data().resolve("journal.db") + " is damaged: ")
          .endsWith("; move it away or restore a backup; nothing was changed\n")
          .hasLineCount(1);
      assertThat(exit.code()).isEqualTo(1);
    }

    @Test
    void that_is_a_file() throws IOException {
      write("data", "");

      assertFails(
          serve(),
          "data folder %s is not a folder; set kantele.data to one or remove the file"
              .formatted(data()));
    }
  }

  @Nested
  class Port {
    @Test
    void that_is_in_use() throws IOException {
      try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        assertFails(
            Launch.of(
                "serve",
                "--port",
                Integer.toString(other.getLocalPort()),
                "--data",
                folder.toString()),
            "port %d on 127.0.0.1 is in use; choose another with --port or stop the other process"
                .formatted(other.getLocalPort()));
      }
    }

    @Test
    void that_others_could_reach() {
      assertFails(
          serve().with("KANTELE_HOST", "0.0.0.0"),
          "kantele.http.host: '0.0.0.0' can be reached from other machines, and nobody is"
              + " authenticated (expected: 127.0.0.1, or tokens in kantele.security,"
              + " or kantele.http.insecure = true)");
    }
  }

  @Nested
  class Node {
    private static final String NOBODY = "http://127.0.0.1:1";
    private static final String SENTENCE =
        "no node answers at " + NOBODY + "; start one with ./kantele serve, or use --embedded";

    @Test
    void that_does_not_answer_a_chat() {
      assertFails(Launch.of("chat", "--url", NOBODY, "Hello"), SENTENCE);
    }

    @Test
    void that_does_not_answer_a_tail() {
      assertFails(Launch.of("tail", "chat-1").with("KANTELE_URL", NOBODY), SENTENCE);
    }

    @Test
    void that_does_not_answer_a_list() {
      assertFails(Launch.of("sessions", "--url", NOBODY, "--json"), SENTENCE);
    }
  }

  @Nested
  class Session {
    @Test
    void of_an_agent_that_is_unknown() {
      assertFails(
          Launch.of("chat", "--embedded", "--agent", "nobody", "Hello")
              .with("KANTELE_JOURNAL", "memory"),
          "there is no agent 'nobody'; agents are named in the node's configuration,"
              + " kantele.agents");
    }

    @Test
    void with_a_model_that_is_unknown() {
      assertFails(
          Launch.of("chat", "--embedded", "--model", "no/such", "Hello")
              .with("KANTELE_JOURNAL", "memory"),
          "there is no model 'no/such'; models are named in the node's configuration,"
              + " kantele.models");
    }

    @Test
    void that_does_not_exist() {
      assertFails(
          Launch.of("tail", "--embedded", "chat-1").with("KANTELE_JOURNAL", "memory"),
          "there is no session chat-1; ./kantele sessions lists those that there are");
    }
  }
}
