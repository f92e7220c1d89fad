package dev.kantele.runtime.poller;

/** Something to do at a time, once or again and again. Any thread may call it. */
public final class Timer {
  Timer() {}

  /** Schedules it, or anew if it is scheduled. */
  public void schedule(long delayNanos) {
    throw new UnsupportedOperationException();
  }

  /** Calls it off; true if it was scheduled and will not run for that. */
  public boolean cancel() {
    throw new UnsupportedOperationException();
  }

  /** Whether it is scheduled. */
  public boolean scheduled() {
    throw new UnsupportedOperationException();
  }
}
