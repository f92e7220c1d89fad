package dev.kantele.cluster.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A terminal that is no device: what is typed and shown goes through streams. */
final class TestTerminal implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

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
  void await(String text) throws InterruptedException {
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

  private static final class Shown extends ByteArrayOutputStream {
    private String awaited = "";
    private int after;
    private CountDownLatch there = new CountDownLatch(0);

    void await(String text) throws InterruptedException {
      CountDownLatch latch;
      synchronized (this) {
        awaited = text;
        there = latch = new CountDownLatch(1);
        look();
      }
      if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("'" + text + "' was never shown:\n" + toString(UTF_8));
      }
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
      if (there.getCount() == 0) {
        return;
      }
      String all = toString(UTF_8);
      int at = all.indexOf(awaited, after);
      if (at >= 0) {
        after = at + awaited.length();
        there.countDown();
      }
    }
  }
}
