package dev.kantele.cluster.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kantele.cluster.NodeProcess;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.cluster.client.RemoteSessions;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real node whose file system takes no more, and then does again. No disk is filled: the system
 * refuses the process's writes by its limit on the size of files (setrlimit(2), {@code
 * RLIMIT_FSIZE}), which the database is told in the same way as that the disk is full.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
final class FullDiskScenario {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

  private static final String PROMPT =
      "{\"type\": \"prompt\", \"content\": [{\"type\": \"text\", \"text\": \"Please.\"}]}";

  @TempDir Path folder;

  @Test
  void a_node_refuses_while_it_can_not_write_and_goes_on_by_itself() throws Exception {
    assumeTrue(Files.isExecutable(PRLIMIT), "needs prlimit(1)");
    var session = new SessionId("s");
    var witness = new Witness();
    try (NodeProcess node = serve();
        SessionAccess access =
            RemoteSessions.connect(node.url(), Optional.empty(), PATIENCE, _ -> {})) {
      assertThat(access.submit(open(session))).isInstanceOf(Reply.Ack.class);
      Subscription subscription = access.attach(session, 0, Optional.empty());
      assertThat(access.submit(prompt(session, "before"))).isInstanceOf(Reply.Ack.class);
      watch(witness, subscription, 1);
      assertThat(access.submit(prompt(session, "during"))).isInstanceOf(Reply.Ack.class);
      while (!(witness.saw(subscription.next()).body() instanceof EventBody.TextDelta)) {}

      limit(node, "1000");
      assertRefused(node, "s", PROMPT);
      assertRefused(node, "other", "{\"type\": \"session.open\"}");

      limit(node, "unlimited");
      // The client itself tries again while it is told that the node is unavailable.
      assertThat(access.submit(prompt(session, "after"))).isInstanceOf(Reply.Ack.class);
      assertThat(access.submit(open(new SessionId("other")))).isInstanceOf(Reply.Ack.class);
      watch(witness, subscription, 3);
    }
    try (NodeProcess node = serve();
        SessionAccess access =
            RemoteSessions.connect(node.url(), Optional.empty(), PATIENCE, _ -> {})) {
      witness.assertAgreesWith(log(access, session));
    }
  }

  private static void watch(Witness witness, Subscription subscription, int turns) {
    while (witness.hasOpenTurn() || witness.turns() < turns) {
      Event _ = witness.saw(subscription.next());
    }
  }

  private static void assertRefused(NodeProcess node, String session, String command)
      throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(node.url() + "/v1/sessions/" + session + "/commands"))
                  .POST(HttpRequest.BodyPublishers.ofString(command))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.body())
          .contains("\"unavailable\"", "\"retryable\":true")
          .doesNotContain("SQL", "Exception");
    }
  }

  private static Command.SessionOpen open(SessionId session) {
    return new Command.SessionOpen(
        new CommandId("open-" + session), session, Optional.empty(), Optional.empty());
  }

  private static Command.Prompt prompt(SessionId session, String turn) {
    return new Command.Prompt(
        new CommandId("prompt-" + turn),
        session,
        OptionalLong.empty(),
        List.of(new Part.Text("Please.")),
        Optional.of(new TurnId(turn)),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static List<Event> log(SessionAccess access, SessionId session) {
    Subscription subscription = access.attach(session, 0, Optional.empty());
    var events = new ArrayList<Event>();
    do {
      events.add(subscription.next().event());
    } while (events.getLast().seq() < subscription.lastSeqAtStart());
    return events;
  }

  private static void limit(NodeProcess node, String fileBytes) throws Exception {
    // The hard limit stays: nobody but root could raise it again.
    Process prlimit =
        new ProcessBuilder(
                PRLIMIT.toString(),
                "--pid",
                Long.toString(node.pid()),
                "--fsize=" + fileBytes + ":unlimited")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).isZero();
  }

  private NodeProcess serve() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("talker.yaml"),
            "- reply: {say: \"On and on, in many small pieces.\", chunk: 1, every: 30ms}\n");
    Path config =
        Files.writeString(
            folder.resolve("kantele.conf"),
            """
            kantele {
              models.scripted.scripts.talker = "%s"
              default-agent = talker
              agents.talker { model = scripted/talker, limits { attempts = 16, retry-delay = 1ms } }
            }
            """
                .formatted(script));
    return NodeProcess.serve(folder.resolve("data"), "--config", config.toString());
  }
}
