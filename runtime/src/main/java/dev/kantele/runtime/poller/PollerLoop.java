package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.concurrent.Executor;

/** One thread that waits in the kernel for readiness, due timers and tasks from other threads. */
public final class PollerLoop implements Executor, AutoCloseable {

  /** Runs a task on the loop's thread; callable by any thread. */
  @Override
  public void execute(Runnable task) {
    throw new UnsupportedOperationException();
  }

  /** Runs a task on the loop's thread before it waits next; only the loop's thread may call it. */
  public void atTickEnd(Runnable task) {
    throw new UnsupportedOperationException();
  }

  /** Watches a descriptor; only the loop's thread may call it. */
  public Registration register(
      int descriptor, Trigger trigger, int interest, ReadinessHandler handler) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Watches a channel; only the loop's thread may call it. */
  public Registration register(
      SelectableChannel channel, Trigger trigger, int interest, ReadinessHandler handler)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** A timer that is not scheduled yet; callable by any thread. */
  public Timer timer(TimerTask task) {
    throw new UnsupportedOperationException();
  }

  /** A timer that, once scheduled, goes on at each period; callable by any thread. */
  public Timer interval(Duration period, TimerTask task) {
    throw new UnsupportedOperationException();
  }

  /** The loop's time, from 0; callable by any thread. */
  public long nanos() {
    throw new UnsupportedOperationException();
  }

  /** Whether the calling thread is the loop's. */
  public boolean inLoop() {
    throw new UnsupportedOperationException();
  }

  void update(Registration registration, int interest) throws IOException {
    throw new UnsupportedOperationException();
  }

  void cancel(Registration registration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
