package dev.kantele.runtime.session.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** The one source of chance of a schedule. Confined to one thread. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** 0 to {@code bound} - 1. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** {@code from} to {@code to}, both included. */
  int between(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  /** True in {@code percent} of 100 cases. */
  boolean percent(int percent) {
    return random.nextInt(100) < percent;
  }

  /** True in {@code perMille} of 1,000 cases. */
  boolean perMille(int perMille) {
    return random.nextInt(1_000) < perMille;
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  @SafeVarargs
  final <T> T oneOf(T... values) {
    return values[random.nextInt(values.length)];
  }
}
