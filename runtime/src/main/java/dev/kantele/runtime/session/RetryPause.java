package dev.kantele.runtime.session;

import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.session.OpenTurn.OpenStream;
import dev.kantele.runtime.session.OpenTurn.Retries;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Decides whether a turn calls a model again that has failed, and how long it waits before. A turn
 * has so many retries, and so much time for the pauses before them, over all its steps.
 */
final class RetryPause {
  private static final int MAX_DOUBLINGS = 10;

  /**
   * Returns the pause after {@code failed}; empty if there is to be no other attempt. It is
   * somewhere between half and the whole of the delay that doubles with each attempt; what the
   * vendor asks for comes on top.
   */
  static Optional<Duration> after(
      OpenStream failed, Retries spent, Optional<Duration> retryAfter, AgentLimits limits) {
    if (!mayTryAgain(failed, spent, limits)
        || retryAfter.filter(wish -> wish.compareTo(limits.maxRetryAfter()) > 0).isPresent()) {
      return Optional.empty();
    }
    int doublings = Math.min(failed.attempt() - 1, MAX_DOUBLINGS);
    Duration whole = limits.retryDelay().multipliedBy(1L << doublings);
    Duration jittered = Duration.ofNanos((long) (whole.toNanos() * (0.5 + fraction(failed) / 2)));
    return Optional.of(retryAfter.orElse(Duration.ZERO).plus(jittered))
        .filter(pause -> pause.plusMillis(spent.pausedMillis()).compareTo(limits.retryTime()) <= 0);
  }

  /** Whether {@code failed} may be followed by another attempt at all. */
  static boolean mayTryAgain(OpenStream failed, Retries spent, AgentLimits limits) {
    return failed.attempt() < limits.attempts() && spent.made() < limits.retries();
  }

  /*
   * Sessions that failed together are to come back apart. The random part of a stream's id differs
   * between them, and the same step decides the same each time it is decided.
   */
  private static double fraction(OpenStream failed) {
    return new SplittableRandom(failed.stream().value().hashCode()).nextDouble();
  }

  private RetryPause() {}
}
