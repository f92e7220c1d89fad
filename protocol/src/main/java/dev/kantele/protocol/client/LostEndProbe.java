package dev.kantele.protocol.client;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds out the end of a connection that the JDK has lost. Its WebSocket may never tell of an end
 * that follows directly on a message: it comes while nothing is being read, and is forgotten. What
 * is sent then fails, though, at the latest the second time. So after each message a few pongs that
 * nobody asked for (RFC 6455, section 5.5.3) go out into the silence, in growing distances. In real
 * time, because it is about the machine.
 */
final class LostEndProbe {
  private static final long FIRST_MILLIS = 50;
  private static final int PROBES = 6;

  private final Link.Listener listener;
  private final AtomicLong heard = new AtomicLong();
  private final AtomicBoolean active = new AtomicBoolean();

  LostEndProbe(Link.Listener listener) {
    this.listener = listener;
  }

  /** Something came that an end may follow. */
  void heard(WebSocket socket) {
    long number = heard.incrementAndGet();
    if (active.compareAndSet(false, true)) {
      schedule(socket, number, 0);
    }
  }

  /** Any failure but that another ping or pong is on its way, which is {@link JdkLink}'s. */
  private void sent(@Nullable Throwable failure) {
    if (failure instanceof IOException) {
      listener.ended(ConnectionEnd.dropped());
    }
  }

  private void schedule(WebSocket socket, long number, int probes) {
    long millis = FIRST_MILLIS << probes;
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(() -> probe(socket, number, probes));
  }

  private void probe(WebSocket socket, long number, int probes) {
    long now = heard.get();
    if (socket.isOutputClosed()) {
      return;
    }
    if (now != number) {
      schedule(socket, now, 0);
    } else if (probes < PROBES) {
      var _ = socket.sendPong(ByteBuffer.allocate(0)).whenComplete((_, failure) -> sent(failure));
      schedule(socket, number, probes + 1);
    } else {
      active.set(false);
      /* Something may have come since it was looked at. */
      if (heard.get() != number && active.compareAndSet(false, true)) {
        schedule(socket, heard.get(), 0);
      }
    }
  }
}
