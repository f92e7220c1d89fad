package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kantele.cluster.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chat as a process at a real terminal. */
@Timeout(180)
class PseudoTerminalScenario {
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_P = "\u0010";
  private static final String COLOUR = "\u001b[32m";

  @TempDir private Path folder;

  @BeforeEach
  void require_a_terminal() {
    assumeTrue(PseudoTerminal.isSupported(), "this system has no posix_openpt");
  }

  private NodeProcess serve() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("talker.yaml"),
            """
            - when: {after_tool: pay}
              reply: {say: "That is settled."}
            - when: {text: "pay"}
              reply: {call: {tool: pay, arguments: {to: bob}}}
            - when: {text: "wait"}
              reply:
                - say: "I begin "
                - never
            - say: "漢字 are \uD83D\uDE00."
            """);
    Path config =
        Files.writeString(
            folder.resolve("node.conf"),
            """
            kantele {
              models.scripted.scripts.talker = "%s"
              default-agent = talker
              agents.talker { model = scripted/talker, tools = [pay] }
              test.ledger = "%s"
            }
            """
                .formatted(script, folder.resolve("ledger.txt")));
    return NodeProcess.serve(folder.resolve("data"), "--config", config.toString());
  }

  private PseudoTerminal chat(NodeProcess node, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("KANTELE_") || name.equals("NO_COLOR"));
    environment.put("TERM", "xterm-256color");
    environment.put("XDG_DATA_HOME", folder.resolve("user").toString());
    environment.putAll(more);
    List<String> command =
        NodeProcess.commandLine(List.of("chat", "--url", node.url(), "--session", "s"));
    return new PseudoTerminal(command, environment, 100, 30);
  }

  @Test
  void a_conversation_with_keys_a_decision_and_two_times_ctrl_c() throws IOException {
    try (NodeProcess node = serve();
        PseudoTerminal chat = chat(node, Map.of())) {
      chat.await("Session s. /help lists the commands.");
      chat.await("> ");
      chat.type("/help\r");
      chat.await("/resume ID");
      chat.await("> ");
      chat.type("Hello\r");
      chat.await("漢字 are \uD83D\uDE00.");

      chat.await("> ");
      chat.type("pay\r");
      chat.await("[y]es / [n]o / [e]dit arguments: ");
      chat.type("y\r");
      chat.await("✓");
      chat.await("That is settled.");
      assertThat(folder.resolve("ledger.txt")).exists();

      chat.await("> ");
      chat.resize(60, 20);
      chat.type("wait\r");
      chat.await("I begin ");
      chat.type(CTRL_C);
      chat.await("(cancelling; once more leaves)");
      chat.await("cancelled: the user interrupted it");
      chat.await("> ");
      chat.type("Hello again\r");
      chat.await("漢字");

      chat.await("> ");
      chat.type("wait\r");
      chat.await("I begin ");
      chat.type(CTRL_C);
      chat.await("cancelled: the user interrupted it");
      chat.type(CTRL_C);
      assertThat(chat.awaitExit()).isEqualTo(130);
      chat.await("./kantele chat --url " + node.url() + " --session s");
      assertThat(chat.text()).contains(COLOUR);
    }
  }

  @Test
  void what_was_typed_comes_back_in_the_next_chat_and_colours_can_be_unwanted() throws IOException {
    try (NodeProcess node = serve()) {
      try (PseudoTerminal first = chat(node, Map.of())) {
        first.await("> ");
        first.type("pay one\\\rand two\r");
        first.await("[y]es");
        first.type("y\r");
        first.await("That is settled.");
        first.await("> ");
        first.type("\u0004");
        assertThat(first.awaitExit()).isZero();
      }
      try (PseudoTerminal second = chat(node, Map.of("NO_COLOR", "1"))) {
        second.await("✓");
        second.await("> ");
        second.type(CTRL_P);
        second.await("and two");
        second.type("\r");
        second.await("[y]es");
        second.type("n\r");
        second.await("denied");
        second.await("> ");
        second.type("/quit\r");
        assertThat(second.awaitExit()).isZero();
        assertThat(second.text()).doesNotContain(COLOUR);
      }
    }
  }
}
