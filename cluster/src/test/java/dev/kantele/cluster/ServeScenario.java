package dev.kantele.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess.Exit;
import dev.kantele.cluster.NodeProcess.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A node and its clients, each in a process of its own. */
@Timeout(180)
class ServeScenario {
  @TempDir private Path folder;
  private Path data;
  private Path config;

  @BeforeEach
  void write_a_slow_model() throws IOException {
    data = folder.resolve("data");
    Path slow =
        Files.writeString(
            folder.resolve("slow.yaml"),
            """
            - - say: "one two three four five six seven eight nine ten eleven twelve"
                chunk: words
                every: 300ms
            """);
    Path hanging =
        Files.writeString(folder.resolve("hanging.yaml"), "- - say: \"I am \"\n  - never\n");
    config =
        Files.writeString(
            folder.resolve("node.conf"),
            """
            kantele.models.scripted.scripts {
              slow = "%s"
              hanging = "%s"
            }
            """
                .formatted(quoted(slow), quoted(hanging)));
  }

  private static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\");
  }

  private static Launch chat(NodeProcess node, String... options) {
    var arguments = new String[options.length + 3];
    System.arraycopy(new String[] {"chat", "--url", node.url()}, 0, arguments, 0, 3);
    System.arraycopy(options, 0, arguments, 3, options.length);
    return Launch.of(arguments);
  }

  @Test
  void a_chat_a_list_and_a_tail() {
    try (NodeProcess node = NodeProcess.serve(data)) {
      Exit chat = NodeProcess.run(chat(node, "--session", "sums", "What is 12 * 7?"));
      assertThat(chat.out()).contains("→ calculator {\"expression\":\"12 * 7\"}\n✓ ", "84");
      assertThat(chat.err())
          .isEqualTo(
              """

              Session sums. Go on with:
                ./kantele chat --url %s --session sums "…"
              """
                  .formatted(node.url()));
      assertThat(chat.code()).isZero();

      Exit list = NodeProcess.run("sessions", "--url", node.url());
      assertThat(list).isEqualTo(new Exit(0, "sums\n", ""));

      Exit tail = NodeProcess.run(Launch.of("tail", "sums").with("KANTELE_URL", node.url()));
      assertThat(tail.out()).contains("session.opened", "tool.completed", "turn.completed");
      assertThat(tail.code()).isZero();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_node_that_is_told_to_end_says_nothing_and_exits_with_0() {
    try (NodeProcess node = NodeProcess.serve(data)) {
      Exit exit = node.stop();

      assertThat(exit.code()).isZero();
      assertThat(exit.err()).isEmpty();
      assertThat(exit.out())
          .isEqualTo(
              """
              Kantele is ready on %1$s
              Data: %2$s
              Try: ./kantele chat --url %1$s "What is 12 * 7, and what time is it in Tokyo?"
              """
                  .formatted(node.url(), data));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_node_that_is_interrupted_exits_with_0() {
    try (NodeProcess node = NodeProcess.serve(data, "--journal", "memory")) {
      node.signal("INT");

      assertThat(node.awaitExit().code()).isZero();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_chat_that_is_interrupted_cancels_its_turn() {
    try (NodeProcess node = NodeProcess.serve(data, "--config", config.toString());
        NodeProcess chat =
            NodeProcess.start(
                chat(node, "--session", "s", "--json", "--model", "scripted/hanging", "Who?"))) {
      chat.awaitLine(line -> line.contains("\"type\":\"text.delta\""));
      chat.signal("INT");
      Exit exit = chat.awaitExit();

      assertThat(exit.code()).isEqualTo(130);
      assertThat(exit.out().lines().toList().getLast())
          .contains("\"type\":\"turn.cancelled\"", "\"reason\":\"the user interrupted it\"");
    }
  }

  @Test
  void a_chat_outlives_its_node() {
    NodeProcess first = NodeProcess.serve(data, "--config", config.toString());
    try (NodeProcess chat =
        NodeProcess.start(chat(first, "--session", "s", "--model", "scripted/slow", "Count."))) {
      int port = first.port();
      chat.awaitText("one two");
      first.kill();
      try (NodeProcess second = NodeProcess.serve(data, port, "--config", config.toString())) {
        Exit exit = chat.awaitExit();

        assertThat(exit.err()).startsWith("(the connection to " + second.url() + " was lost");
        assertThat(exit.out())
            .containsOnlyOnce("twelve")
            .contains("(the node was restarted; the session goes on)", "attempt 2")
            .endsWith("one two three four five six seven eight nine ten eleven twelve\n");
        assertThat(exit.code()).isZero();
      }
    } finally {
      first.close();
    }
  }

  @Test
  void a_tail_follows_what_happens() {
    try (NodeProcess node = NodeProcess.serve(data)) {
      NodeProcess.run(chat(node, "--session", "s", "Hello"));
      try (NodeProcess tail =
          NodeProcess.start(Launch.of("tail", "--url", node.url(), "-f", "--json", "s"))) {
        tail.awaitLine(line -> line.contains("\"type\":\"turn.completed\""));
        NodeProcess.run(chat(node, "--session", "s", "What is 6 * 7?"));

        tail.awaitLine(line -> line.contains("\"expression\":\"6 * 7\""));
      }
    }
  }
}
