package dev.kantele.protocol.client;

import java.util.concurrent.CompletableFuture;

/** One WebSocket that is open. Safe from any thread; no method waits. */
interface Link {
  /** Makes links to one node. */
  interface Dialer extends AutoCloseable {
    /**
     * Connects. The future fails with {@link FailedDial}; {@code listener} may hear something
     * before the future completes.
     */
    CompletableFuture<Link> dial(Listener listener);

    @Override
    void close();
  }

  /** What comes from the other end. Called by one thread at a time, which must not be held up. */
  interface Listener {
    /** A whole message; no other comes until {@code next} is run. */
    void message(String text, Runnable next);

    /** The other end gave a sign of life that is no message. */
    void alive();

    /** Nothing comes any more. Called at least once, unless the link was closed here. */
    void ended(ConnectionEnd end);
  }

  /** Nobody was there, or not one to talk to. */
  final class FailedDial extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ConnectionEnd end;

    FailedDial(ConnectionEnd end) {
      super(end.because());
      this.end = end;
    }

    ConnectionEnd end() {
      return end;
    }
  }

  /** Sends a message after those before it. */
  void send(String text);

  /** Asks for a sign of life, and finds out whether the link still takes something. */
  void ping();

  /** Whether something waits to be sent, and nothing was sent since this was asked last. */
  boolean isStalled();

  /** Closes as RFC 6455 has it when all is sent, without waiting for the other end. */
  void close();

  /** Drops the link. */
  void abort();
}
