package dev.kantele.protocol.client;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A link over the JDK's WebSocket, which takes the next message only when the one before is out and
 * cuts large ones into frames. Nothing is called under its lock but the WebSocket.
 */
final class JdkLink implements Link {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final WebSocket socket;
  private final Listener listener;

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<String> waiting = new ArrayDeque<>();
  private boolean sending;
  private boolean pinging;
  private boolean closing;
  private boolean moved;

  JdkLink(WebSocket socket, Listener listener) {
    this.socket = socket;
    this.listener = listener;
  }

  @Override
  public void send(String text) {
    lock.lock();
    try {
      waiting.add(text);
      sendNext();
    } finally {
      lock.unlock();
    }
  }

  /** Hands the next message over, if none is on its way. Holds the lock. */
  private void sendNext() {
    if (sending) {
      return;
    }
    String text = waiting.poll();
    if (text != null) {
      sending = true;
      var _ =
          socket
              .sendText(text, /* last= */ true)
              .whenCompleteAsync((_, failure) -> onSent(failure));
    } else if (closing) {
      closeNow();
    }
  }

  private void onSent(@Nullable Throwable failure) {
    if (failure != null) {
      listener.ended(ConnectionEnd.dropped());
      return;
    }
    lock.lock();
    try {
      sending = false;
      moved = true;
      sendNext();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Two in one: the ping asks for an answer, and its failure tells of a lost connection even where
   * the JDK lost the news of its end, as it may when the end comes while the listener has not yet
   * asked for more.
   */
  @Override
  public void ping() {
    lock.lock();
    try {
      if (pinging || closing) {
        return;
      }
      pinging = true;
      var _ =
          socket
              .sendPing(ByteBuffer.allocate(0))
              .whenCompleteAsync((_, failure) -> onPinged(failure));
    } finally {
      lock.unlock();
    }
  }

  private void onPinged(@Nullable Throwable failure) {
    if (failure != null) {
      listener.ended(ConnectionEnd.dropped());
      return;
    }
    lock.lock();
    try {
      pinging = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isStalled() {
    lock.lock();
    try {
      boolean stalled = sending && !moved;
      moved = false;
      return stalled;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closing) {
        closing = true;
        sendNext();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeNow() {
    sending = true;
    var _ =
        socket
            .sendClose(WebSocket.NORMAL_CLOSURE, "")
            .orTimeout(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, _) -> socket.abort());
  }

  @Override
  public void abort() {
    socket.abort();
  }
}
