package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.backend.Poller;
import dev.kantele.runtime.poller.backend.Ready;
import dev.kantele.runtime.poller.backend.Watch;
import java.util.concurrent.TimeUnit;

/** A back end that has nothing but {@link #wakeup}, and waits by spinning: no test sleeps long. */
final class SpinningPoller implements Poller {
  /** Nobody who is about to wake it takes as long as this. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private volatile boolean woken;
  private volatile boolean overslept;

  /** Whether it waited in vain. */
  boolean overslept() {
    return overslept;
  }

  @Override
  public String name() {
    return "spinning";
  }

  @Override
  public void poll(long timeoutNanos, Ready ready) {
    if (timeoutNanos > 0) {
      long beganNanos = System.nanoTime();
      while (!woken && !overslept) {
        Thread.onSpinWait();
        overslept = System.nanoTime() - beganNanos >= LONGEST_NANOS;
      }
    }
    woken = false;
  }

  @Override
  public boolean wakeup() {
    woken = true;
    return true;
  }

  @Override
  public void add(Watch watch) {
    throw new UnsupportedOperationException("it watches nothing");
  }

  @Override
  public void update(Watch watch, int interest) {
    throw new UnsupportedOperationException("it watches nothing");
  }

  @Override
  public void remove(Watch watch) {
    throw new UnsupportedOperationException("it watches nothing");
  }

  @Override
  public void close() {}
}
