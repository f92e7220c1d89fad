package dev.kantele.runtime.session;

import java.time.Duration;

/**
 * How far the tools that clients run may go.
 *
 * @param timeout how long a call may take whose tool names no limit
 * @param maxTimeout the longest limit that a tool may name
 */
public record ClientToolLimits(Duration timeout, Duration maxTimeout) {
  /** What holds where nothing is set. */
  public static final ClientToolLimits DEFAULT =
      new ClientToolLimits(Duration.ofMinutes(1), Duration.ofHours(1));

  public ClientToolLimits {
    if (!timeout.isPositive() || timeout.compareTo(maxTimeout) > 0) {
      throw new IllegalArgumentException(
          "timeout: " + timeout + " (expected: more than 0, and at most " + maxTimeout + ")");
    }
  }
}
