package dev.kantele.cluster.client;

import java.time.Duration;

/**
 * Pauses between tries: the first after {@code first}, each twice as long as the one before up to
 * {@code longest}, for {@code total} altogether.
 */
record Backoff(Duration first, Duration longest, Duration total) {
  static final Backoff DEFAULT =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10));

  /** The pause before try {@code number}, which is 1 for the first again. */
  Duration pause(int number) {
    Duration pause = first.multipliedBy(1L << Math.min(number - 1, 20));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
