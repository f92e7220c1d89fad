package dev.kantele.testkit.schedule;

import java.util.List;
import java.util.SplittableRandom;

/** The chance in what clients do and what goes wrong. Confined to one thread. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this.random = new SplittableRandom(seed * 31 + 17);
  }

  /** {@code from} to {@code to}, both included. */
  int between(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  /** True in {@code percent} of 100 cases. */
  boolean percent(int percent) {
    return random.nextInt(100) < percent;
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
