package dev.kantele.cluster.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.node.EmbeddedNode;
import dev.kantele.cluster.node.NodeConfig;
import dev.kantele.cluster.node.NodeOption;
import dev.kantele.cluster.render.Style;
import dev.kantele.protocol.SessionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chat at a terminal that is no device: what is typed and shown goes through streams. */
@Timeout(60)
class JlineConsoleTest {
  @TempDir private Path folder;
  private final Shown shown = new Shown();
  private final PipedOutputStream keys = new PipedOutputStream();
  private Terminal terminal;

  /** What is on the screen, for whoever waits until something is. */
  private static final class Shown extends ByteArrayOutputStream {
    private String awaited = "";
    private CountDownLatch there = new CountDownLatch(0);

    /** Waits until {@code text} comes after what was awaited before. */
    void await(String text) throws InterruptedException {
      CountDownLatch latch;
      synchronized (this) {
        awaited = text;
        there = latch = new CountDownLatch(1);
        look();
      }
      latch.await();
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      look();
    }

    @Override
    public synchronized void write(int one) {
      super.write(one);
      look();
    }

    private synchronized void look() {
      String all = toString(UTF_8);
      if (there.getCount() > 0 && all.contains(awaited)) {
        reset();
        there.countDown();
      }
    }
  }

  @BeforeEach
  void switch_on() throws IOException {
    terminal =
        TerminalBuilder.builder()
            .system(false)
            .type("ansi")
            .encoding(UTF_8)
            .streams(new PipedInputStream(keys), shown)
            .build();
    terminal.setSize(new Size(120, 40));
  }

  @AfterEach
  void switch_off() throws IOException {
    terminal.close();
  }

  private void type(String text) throws IOException {
    keys.write(text.getBytes(UTF_8));
    keys.flush();
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
                terminal,
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

    shown.await("Session first.");
    shown.await("> ");
    type("What is 12 * 7?\r");
    shown.await("12 * 7 is 84");
    shown.await("> ");
    type("/new\r");
    shown.await("Session second.");
    shown.await("> ");
    type("/resume first\r");
    shown.await("12 * 7 is 84");
    shown.await("> ");
    type("/quit\r");
    chat.join();

    assertThat(Files.readString(history)).contains("What is 12 * 7?").contains("/new");
    if (history.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void a_line_goes_on_after_a_backslash_and_after_alt_enter() throws Exception {
    try (var console = new JlineConsole(terminal, Optional.empty(), List::of)) {
      console.turnTo(Ask.PROMPT);
      type("one\\\rtwo\u001b\rthree\r");

      Answer answer = console.ask(Ask.PROMPT).orElseThrow();

      assertThat(answer).isEqualTo(new Answer.Line("one\\\ntwo\nthree"));
    }
  }

  @Test
  void a_question_that_is_settled_elsewhere_is_withdrawn_and_the_line_is_kept() throws Exception {
    try (var console = new JlineConsole(terminal, Optional.empty(), List::of)) {
      console.turnTo(Ask.PROMPT);
      CompletableFuture<Optional<Answer>> asked =
          CompletableFuture.supplyAsync(
              () -> console.ask(Ask.PROMPT), task -> Thread.ofPlatform().start(task));
      shown.await("> ");
      type("Hel");
      shown.await("l");
      console.turnTo(Ask.RUNNING);
      assertThat(asked.join()).isEmpty();

      console.turnTo(Ask.PROMPT);
      type("lo\r");
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
                    terminal,
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
