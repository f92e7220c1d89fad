package dev.kantele.runtime.poller.backend;

import java.io.IOException;

/**
 * A back end: waits for sources to become ready. One thread owns it and calls everything but {@link
 * #wakeup}.
 */
public interface Poller extends AutoCloseable {
  /** A timeout without end. */
  long FOREVER = Long.MAX_VALUE;

  /** What it is called in settings and in metrics: {@code epoll}. */
  String name();

  /**
   * Begins to watch a source for its interest.
   *
   * @throws IllegalStateException if it is watched already; names the other
   * @throws UnsupportedOperationException if this back end can't watch such a source, or not with
   *     such a trigger
   * @throws IOException if the system refuses; nothing is watched then
   */
  void add(Watch watch) throws IOException;

  /**
   * Watches for another interest from now on.
   *
   * @throws IOException if the system refuses; the interest is as before then
   */
  void update(Watch watch, int interest) throws IOException;

  /** Watches no more. What was found before is not told. Does nothing if it is not watched. */
  void remove(Watch watch) throws IOException;

  /**
   * Waits until something is ready, somebody calls {@link #wakeup}, or the time is over; then puts
   * into {@code ready} what it found, each source once. May return early with nothing.
   *
   * @param timeoutNanos 0 does not wait; never returns before the time is over for want of
   *     precision
   */
  void poll(long timeoutNanos, Ready ready) throws IOException;

  /**
   * Lets the wait that runs, or else the next one, return at once. Callable by any thread at any
   * time, even after {@link #close}, when it does nothing.
   *
   * @return false if the system refused, and nobody will wake
   */
  boolean wakeup();

  /** Releases what the back end itself has; the sources stay open. Does nothing the second time. */
  @Override
  void close() throws IOException;
}
