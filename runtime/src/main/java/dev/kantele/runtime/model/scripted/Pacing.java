package dev.kantele.runtime.model.scripted;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a text is streamed.
 *
 * @param pieces how it is cut into deltas
 * @param every the pause between two deltas; zero: as fast as they are taken
 */
public record Pacing(Pieces pieces, Duration every) {
  /** Eight characters a delta, without pauses. */
  public static final Pacing DEFAULT = new Pacing(new Pieces.Characters(8), Duration.ZERO);

  public Pacing {
    requireNonNull(pieces, "pieces");
    if (every.isNegative()) {
      throw new IllegalArgumentException("every: " + every + " (expected: 0 or more)");
    }
  }
}
