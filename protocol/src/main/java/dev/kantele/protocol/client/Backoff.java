package dev.kantele.protocol.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries: each may be up to twice as long as the one before, from {@code min} to
 * {@code max}. Of that time a random part between a half and the whole is waited, so that clients
 * that lost the same node do not come back all at once.
 */
public record Backoff(Duration min, Duration max) {
  /** From 100 ms to 30 s. */
  public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

  private static final int MAX_DOUBLINGS = 30;

  public Backoff {
    if (!min.isPositive()) {
      throw new IllegalArgumentException("min: " + min + " (expected: more than 0)");
    }
    if (max.compareTo(min) < 0) {
      throw new IllegalArgumentException("max: " + max + " (expected: at least " + min + ")");
    }
  }

  /** The pause before try {@code number}, which is 1 for the first again. */
  Duration pause(int number, RandomGenerator random) {
    int doublings = Math.min(number - 1, MAX_DOUBLINGS);
    /* Compared in this direction, because the product may overflow. */
    boolean longest = max.dividedBy(1L << doublings).compareTo(min) < 0;
    long nanos = (longest ? max : min.multipliedBy(1L << doublings)).toNanos();
    return Duration.ofNanos(nanos - (long) (random.nextDouble() * 0.5 * nanos));
  }
}
