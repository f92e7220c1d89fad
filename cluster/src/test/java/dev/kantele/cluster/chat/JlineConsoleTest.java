package dev.kantele.cluster.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.node.EmbeddedNode;
import dev.kantele.cluster.node.NodeConfig;
import dev.kantele.cluster.node.NodeOption;
import dev.kantele.cluster.render.Style;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chat at a terminal that is no device: what is typed and shown goes through streams. */
@Timeout(60)
class JlineConsoleTest {
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

  private SessionAccess node() {
    return EmbeddedNode.start(
        NodeConfig.load(
            Map.of(NodeOption.DATA, folder.resolve("data").toString()),
            Optional.empty(),
            Map.of()));
  }

  private CompletableFuture<Void> chat(Optional<Path> history) {
    var options = new ChatOptions(Optional.empty(), Optional.empty(), history, Style.PLAIN);
    return CompletableFuture.runAsync(
        () ->
            TerminalChat.run(
                screen.terminal(),
                _ -> node(),
                options,
                String::valueOf,
                new SessionId("first"),
                () -> new SessionId("second")),
        task -> Thread.ofPlatform().start(task));
  }

  @Test
  void a_conversation_from_the_first_line_to_the_last() throws Exception {
    Path history = folder.resolve("user").resolve("history");
    CompletableFuture<Void> chat = chat(Optional.of(history));

    screen.await("Session first.");
    screen.await("> ");
    screen.type("What is 12 * 7?\r");
    screen.await("12 * 7 is 84");
    screen.await("> ");
    screen.type("/new\r");
    screen.await("Session second.");
    screen.await("> ");
    screen.type("/resume first\r");
    screen.await("12 * 7 is 84");
    screen.await("> ");
    screen.type("/quit\r");
    chat.join();

    assertThat(Files.readString(history)).contains("What is 12 * 7?").contains("/new");
    if (history.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void a_line_goes_on_after_a_backslash_and_after_alt_enter() throws Exception {
    try (var console = new JlineConsole(screen.terminal(), Optional.empty(), List::of)) {
      console.turnTo(Ask.PROMPT);
      screen.type("one\\\rtwo\u001b\rthree\r");

      Answer answer = console.ask(Ask.PROMPT).orElseThrow();

      assertThat(answer).isEqualTo(new Answer.Line("one\\\ntwo\nthree"));
    }
  }

  @Test
  void a_question_that_is_settled_elsewhere_is_withdrawn_and_the_line_is_kept() throws Exception {
    try (var console = new JlineConsole(screen.terminal(), Optional.empty(), List::of)) {
      console.turnTo(Ask.PROMPT);
      CompletableFuture<Optional<Answer>> asked =
          CompletableFuture.supplyAsync(
              () -> console.ask(Ask.PROMPT), task -> Thread.ofPlatform().start(task));
      screen.await("> ");
      screen.type("Hel");
      screen.await("l");
      console.turnTo(Ask.RUNNING);
      assertThat(asked.join()).isEmpty();

      console.turnTo(Ask.PROMPT);
      screen.type("lo\r");
      assertThat(console.ask(Ask.PROMPT)).contains(new Answer.Line("Hello"));
    }
  }

  @Test
  void a_node_that_can_not_be_reached_ends_the_chat() {
    var options =
        new ChatOptions(Optional.empty(), Optional.empty(), Optional.empty(), Style.PLAIN);
    CompletableFuture<Void> chat =
        CompletableFuture.runAsync(
            () ->
                TerminalChat.run(
                    screen.terminal(),
                    _ -> {
                      throw AccessException.unreachable("no node answers");
                    },
                    options,
                    String::valueOf,
                    new SessionId("first"),
                    () -> new SessionId("second")));

    assertThat(chat.handle((_, failure) -> failure.getCause()).join())
        .isInstanceOf(AccessException.class);
  }
}
