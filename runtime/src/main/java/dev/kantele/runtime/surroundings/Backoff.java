package dev.kantele.runtime.surroundings;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.SupervisorStrategy;

/** The pauses before an actor that failed starts again. */
public final class Backoff {
  private static final double SPREAD = 0.2;

  /**
   * Returns a strategy whose first pause is {@code min} and up to a fifth more, doubled with each
   * failure in a row up to {@code max}. What is more is drawn once, for each actor its own, so that
   * actors that failed together do not come back together.
   */
  public static BackoffSupervisorStrategy spread(
      Duration min, Duration max, RandomGenerator random) {
    long nanos = Math.round(min.toNanos() * (1 + SPREAD * random.nextDouble()));
    return SupervisorStrategy.restartWithBackoff(
        Duration.ofNanos(Math.min(nanos, max.toNanos())), max, /* randomFactor= */ 0);
  }

  private Backoff() {}
}
