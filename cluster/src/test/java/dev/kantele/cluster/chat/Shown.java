package dev.kantele.cluster.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.NodeProcess;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a terminal was sent, for one thread that waits until something is among it. */
final class Shown extends ByteArrayOutputStream {
  private String awaited = "";
  private int after;
  private CountDownLatch there = new CountDownLatch(0);

  /** Waits until {@code text} is shown, after what was waited for before. */
  void await(String text) {
    CountDownLatch latch;
    synchronized (this) {
      awaited = text;
      there = latch = new CountDownLatch(1);
      look();
    }
    try {
      if (!latch.await(NodeProcess.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("'" + text + "' was never shown:\n" + toString(UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
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
