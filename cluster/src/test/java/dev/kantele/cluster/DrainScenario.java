package dev.kantele.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess.Exit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A node in a process of its own that is told to end in the middle of a turn. */
@Timeout(180)
@DisabledOnOs(OS.WINDOWS)
class DrainScenario {
  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void choose_the_data_folder() throws IOException {
    data = folder.resolve("data");
    Files.writeString(
        folder.resolve("slow.yaml"),
        """
        - - say: "one two three four five six seven eight nine ten eleven twelve"
            chunk: words
            every: 200ms
        """);
    Files.writeString(folder.resolve("quick.yaml"), "- say: Quick.\n");
    Files.writeString(
        folder.resolve("hanging.yaml"),
        """
        - when: {attempt: 1}
          reply:
            - say: "I am "
            - never
        - reply: {say: "I am back."}
        """);
  }

  private NodeProcess serve(String grace) {
    Path config = folder.resolve("node.conf");
    try {
      Files.writeString(
          config,
          """
          kantele.drain.grace = %s
          kantele.models.scripted.folder = "%s"
          """
              .formatted(grace, folder));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return NodeProcess.serve(data, "--config", config.toString());
  }

  private static WebSocketPeer promptIn(NodeProcess node, String model) {
    WebSocketPeer peer = WebSocketPeer.connect(node.url());
    peer.send(
        """
        {"type":"session.open","id":"o","session":"s"}""");
    peer.send(
        """
        {"type":"session.attach","id":"a","session":"s","after":0}""");
    peer.send(
        """
        {"type":"prompt","id":"p","session":"s","seq":1,"model":"scripted/%s",
         "content":[{"type":"text","text":"Go."}]}"""
            .formatted(model));
    peer.await("\"type\":\"text.delta\"");
    return peer;
  }

  private static String tail(NodeProcess node) {
    Exit tail = NodeProcess.run("tail", "--url", node.url(), "--json", "s");
    assertThat(tail.code()).isZero();
    return tail.out();
  }

  @Test
  void a_turn_that_ends_within_the_grace_is_waited_for() throws Exception {
    try (NodeProcess node = serve("30s");
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      WebSocketPeer peer = promptIn(node, "slow");
      assertThat(ready(http, node)).isEqualTo(200);

      node.signal("TERM");
      assertThat(peer.closeCode()).isEqualTo(1001);
      assertThat(ready(http, node)).isEqualTo(503);
      assertThat(prompt(http, node)).contains("\"unavailable\"", "\"retryable\":true");
      Exit exit = node.awaitExit();

      assertThat(exit.err()).isEqualTo("1 turn is running; it has up to 30 s.\n");
      assertThat(exit.code()).isZero();
    }
    try (NodeProcess next = serve("0s")) {
      assertThat(tail(next))
          .contains("\"type\":\"turn.completed\"", "eleven twelve")
          .doesNotContain("session.recovered");
    }
  }

  /* By the connection that is open: the port takes no more of them. */
  private static int ready(HttpClient http, NodeProcess node) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + "/health/ready")).build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  private static String prompt(HttpClient http, NodeProcess node) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node.url() + "/v1/sessions/s/commands"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"type":"prompt","content":[{"type":"text","text":"More."}]}"""))
            .header("Content-Type", "application/json")
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  @Test
  void a_turn_that_waits_behind_it_is_run_by_the_next_node() {
    try (NodeProcess node = serve("30s")) {
      WebSocketPeer peer = promptIn(node, "slow");
      peer.send(
          """
          {"type":"prompt","id":"p2","session":"s","seq":2,"model":"scripted/quick",
           "content":[{"type":"text","text":"Go on."}]}""");
      peer.await("\"re\":\"p2\"");

      Exit exit = node.stop();

      assertThat(exit.err()).isEqualTo("1 turn is running; it has up to 30 s.\n");
      assertThat(exit.code()).isZero();
    }
    try (NodeProcess next = serve("0s")) {
      WebSocketPeer peer = WebSocketPeer.connect(next.url());
      peer.send(
          """
          {"type":"session.attach","id":"a","session":"s","after":0}""");
      peer.await("\"type\":\"turn.completed\"");
      peer.await("\"type\":\"turn.completed\"");
      assertThat(tail(next))
          .contains("eleven twelve", "Quick.")
          .doesNotContain("session.recovered");
    }
  }

  @Test
  void a_turn_that_does_not_end_is_left_to_the_next_node() {
    try (NodeProcess node = serve("500ms")) {
      WebSocketPeer peer = promptIn(node, "hanging");

      Exit exit = node.stop();

      assertThat(peer.closeCode()).isEqualTo(1001);
      assertThat(exit.err())
          .isEqualTo(
              """
              1 turn is running; it has up to 0.5 s.
              1 turn is left to the next node on this data.
              """);
      assertThat(exit.code()).isZero();
    }
    try (NodeProcess next = serve("0s")) {
      WebSocketPeer peer = WebSocketPeer.connect(next.url());
      peer.send(
          """
          {"type":"session.attach","id":"a","session":"s","after":0}""");
      assertThat(peer.await("\"type\":\"turn.completed\"")).contains("\"turn\"");
      assertThat(tail(next)).contains("session.recovered", "I am back.");
    }
  }

  @Test
  void a_second_signal_ends_it_at_once() {
    try (NodeProcess node = serve("1h")) {
      WebSocketPeer peer = promptIn(node, "hanging");
      node.signal("TERM");
      assertThat(peer.closeCode()).isEqualTo(1001);

      node.signal("TERM");

      assertThat(node.awaitExit().code()).isEqualTo(143);
    }
  }
}
