package dev.kantele.runtime.poller;

/** A clock for differences: what a loop measures time by. */
@FunctionalInterface
public interface Ticker {
  /** Nanoseconds since some instant that never changes; never fewer than before. */
  long nanos();

  /** The system's. */
  static Ticker system() {
    return System::nanoTime;
  }
}
