package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.NodeProcess;
import dev.kantele.cluster.client.CuttingProxy;
import dev.kantele.cluster.client.RemoteSessions;
import dev.kantele.cluster.render.Style;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chat with a node in a process of its own. */
@Timeout(180)
class ChatScenario {
  private static final long SEED = 20_261_130;
  private static final int TURNS = 6;
  private static final int CUTS = 12;
  private static final int MAX_BYTES = 5_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> NUMBERS =
      List.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

  @TempDir private Path folder;
  private TestTerminal screen;

  @BeforeEach
  void switch_on() throws IOException {
    screen = new TestTerminal();
  }

  @AfterEach
  void switch_off() throws IOException {
    screen.close();
  }

  private NodeProcess serve(int port) throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("talker.yaml"),
            """
            - when: {after_tool: pay}
              reply: {say: "That is settled."}
            - when: {after_tool: ask_user}
              reply: {say: "I see."}
            - when: {text: "pay"}
              reply: {call: {tool: pay, arguments: {to: bob}}}
            - when: {text: "ask"}
              reply: {call: {tool: ask_user, arguments: {question: "Which colour?", options: [red, blue]}}}
            - say: "%s"
              chunk: words
              every: 10ms
            """
                .formatted(String.join(" ", NUMBERS)));
    Path config =
        Files.writeString(
            folder.resolve("node.conf"),
            """
            kantele {
              models.scripted.scripts.talker = "%s"
              default-agent = talker
              agents.talker { model = scripted/talker, tools = [pay, ask_user] }
              test.ledger = "%s"
            }
            """
                .formatted(quoted(script), quoted(ledger())));
    return NodeProcess.serve(folder.resolve("data"), port, "--config", config.toString());
  }

  private Path ledger() {
    return folder.resolve("ledger.txt");
  }

  private static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\");
  }

  private CompletableFuture<Left> chat(String url) {
    var options =
        new ChatOptions(Optional.empty(), Optional.empty(), Optional.empty(), Style.PLAIN);
    return CompletableFuture.supplyAsync(
        () ->
            TerminalChat.run(
                screen.terminal(),
                notes ->
                    RemoteSessions.connect(
                        url, Optional.empty(), PATIENCE, note -> notes.accept("(" + note + ")\n")),
                options,
                String::valueOf,
                new SessionId("s"),
                () -> new SessionId("t")),
        task -> Thread.ofPlatform().start(task));
  }

  private void leave(CompletableFuture<Left> chat) throws IOException {
    screen.type("/quit\r");
    Left left = chat.orTimeout(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(left).isEqualTo(new Left(Optional.of(new SessionId("s")), Left.Why.ASKED));
  }

  @Test
  void nothing_is_lost_or_shown_twice_on_a_line_that_is_cut_again_and_again() throws Exception {
    try (NodeProcess node = serve(0);
        var proxy = new CuttingProxy(node.url(), new Random(SEED), MAX_BYTES, CUTS)) {
      CompletableFuture<Left> chat = chat(proxy.url());
      screen.await("Session s.");
      for (int turn = 0; turn < TURNS; turn++) {
        screen.await("> ");
        screen.type("Count.\r");
        screen.await("ten");
      }
      screen.await("> ");
      leave(chat);

      assertThat(proxy.connections()).isGreaterThan(3);
      String said = screen.text().replaceAll("\\((connected|the connection)[^)]*\\)", "");
      assertThat(count(said, String.join("\\s+", NUMBERS))).isEqualTo(TURNS);
      for (String number : NUMBERS) {
        assertThat(count(said, "\\b" + number + "\\b")).as(number).isEqualTo(TURNS);
      }
    }
  }

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  @Test
  void calls_are_allowed_edited_and_denied_where_the_conversation_is() throws Exception {
    try (NodeProcess node = serve(0)) {
      CompletableFuture<Left> chat = chat(node.url());
      screen.await("> ");

      screen.type("pay\r");
      screen.await("Allow pay {\"to\":\"bob\"}");
      screen.await("[y]es / [n]o / [e]dit arguments: ");
      screen.type("n\r");
      screen.await("x denied");
      screen.await("That is settled.");
      assertThat(ledger()).doesNotExist();

      screen.await("> ");
      screen.type("pay\r");
      screen.await("[y]es / [n]o / [e]dit arguments: ");
      screen.type("e\r");
      screen.await("arguments: {\"to\":\"bob\"}");
      screen.type("\u0015{\"to\":\"eve\"}\r");
      screen.await("ok true");
      screen.await("That is settled.");
      screen.await("> ");
      leave(chat);

      assertThat(Files.readAllLines(ledger())).hasSize(1);
      assertThat(NodeProcess.run("tail", "s", "--json", "--url", node.url()).out().lines())
          .filteredOn(line -> line.contains("\"tool.approved\""))
          .singleElement()
          .asString()
          .contains("{\"to\":\"eve\"}");
    }
  }

  @Test
  void a_question_is_answered_asked_again_and_declined() throws Exception {
    try (NodeProcess node = serve(0)) {
      CompletableFuture<Left> chat = chat(node.url());
      screen.await("> ");

      screen.type("ask\r");
      screen.await("Which colour? (red | blue)");
      screen.await("answer (empty declines): ");
      screen.type("green\r");
      screen.await("(");
      screen.await("answer (empty declines): ");
      screen.type("blue\r");
      screen.await("ok blue");
      screen.await("I see.");

      screen.await("> ");
      screen.type("ask\r");
      screen.await("answer (empty declines): ");
      screen.type("\r");
      screen.await("I see.");
      screen.await("> ");
      leave(chat);
    }
  }

  @Test
  void a_call_that_waits_outlasts_its_node_and_runs_once() throws Exception {
    try (NodeProcess first = serve(0)) {
      int port = first.port();
      CompletableFuture<Left> chat = chat(first.url());
      screen.await("> ");
      screen.type("pay\r");
      screen.await("[y]es / [n]o / [e]dit arguments: ");
      first.kill();
      screen.await("was lost; trying again");

      try (NodeProcess _ = serve(port)) {
        screen.await("(connected again)");
        screen.type("y\r");
        screen.await("That is settled.");
        screen.await("> ");
        leave(chat);
      }
      assertThat(Files.readAllLines(ledger())).hasSize(1);
    }
  }

  @Test
  void ctrl_c_cancels_what_runs_and_all_sessions_are_listed() throws Exception {
    try (NodeProcess node = serve(0)) {
      List<String> more = List.of("other-1", "other-2");
      for (String session : more) {
        assertThat(NodeProcess.run("chat", "--url", node.url(), "--session", session, "Hi").code())
            .isZero();
      }
      CompletableFuture<Left> chat = chat(node.url());
      screen.await("> ");
      screen.type("Count.\r");
      screen.await("one ");
      screen.type("\u0003");
      screen.await("(cancelling; once more leaves)");
      screen.await("x cancelled: the user interrupted it");
      screen.await("> ");
      screen.type("/sessions other\r");
      screen.await("other-1");
      screen.await("other-2");
      screen.await("> ");
      screen.type("/resume other-1\r");
      screen.await("> Hi");
      screen.await("ten");
      screen.await("> ");
      screen.type("\u0003");
      screen.await("(once more, or Ctrl-D, leaves)");
      screen.type("\u0003");
      Left left = chat.orTimeout(NodeProcess.LIMIT.toSeconds(), TimeUnit.SECONDS).join();

      assertThat(left)
          .isEqualTo(new Left(Optional.of(new SessionId("other-1")), Left.Why.INTERRUPTED));
    }
  }
}
