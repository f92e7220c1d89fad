package dev.kantele.cluster.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A terminal that is no device: what is typed and shown goes through streams. */
final class TestTerminal implements AutoCloseable {
  private final Shown shown = new Shown();
  private final PipedOutputStream keys = new PipedOutputStream();
  private final Terminal terminal;

  TestTerminal() throws IOException {
    terminal =
        TerminalBuilder.builder()
            .system(false)
            .type("ansi")
            .encoding(UTF_8)
            .streams(new PipedInputStream(keys), shown)
            .build();
    terminal.setSize(new Size(200, 40));
  }

  Terminal terminal() {
    return terminal;
  }

  void type(String text) throws IOException {
    keys.write(text.getBytes(UTF_8));
    keys.flush();
  }

  /** Waits until {@code text} is shown, after what was waited for before. */
  void await(String text) {
    shown.await(text);
  }

  /** All that was shown so far, without what moves the cursor, colours, and switches modes. */
  String text() {
    return shown.toString(UTF_8).replaceAll("\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b[=>]|\\r", "");
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
