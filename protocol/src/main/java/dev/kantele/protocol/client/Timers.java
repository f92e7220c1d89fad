package dev.kantele.protocol.client;

import java.time.Duration;

/** The only clock of a client: tasks that are run after a while, on any thread. */
interface Timers extends AutoCloseable {
  /** A task that waits for its time. */
  interface Timer {
    /** Forgets the task, unless it has begun. */
    void cancel();
  }

  /** Runs {@code task}, which must be short, after {@code delay}. */
  Timer schedule(Duration delay, Runnable task);

  /** Forgets all tasks. */
  @Override
  void close();
}
