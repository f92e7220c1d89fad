package dev.kantele.runtime.poller;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How a loop behaves.
 *
 * @param name of the loop and of its thread
 * @param tasksPerTick how many tasks, and how many timers, run before the loop looks at its sources
 *     again; 1..1,000,000
 * @param tickBudget how long they may take until then; at least one of each runs
 * @param longestWait what a wait is capped at, so that a lost wake-up costs a delay and not the
 *     loop; such a loss is counted
 * @param spin how long to look for tasks before waiting in the kernel; 0 does not
 * @param shutdownGrace how long tasks of the loop's own may add others after a shutdown
 * @param sampleEvery every which task is timed for the percentiles, a power of two; 1 times all, 0
 *     records nothing at all
 * @param timerClamp what to do about timers that schedule timers; nothing if empty
 */
public record LoopSettings(
    String name,
    int tasksPerTick,
    Duration tickBudget,
    Duration longestWait,
    Duration spin,
    Duration shutdownGrace,
    int sampleEvery,
    Optional<TimerClamp> timerClamp) {

  /**
   * A lower bound for the delays of timers that timers schedule, as the HTML standard has it (timer
   * initialization steps): for hosts that run timers of people they don't know.
   *
   * @param depth how many timers deep it begins; 0..
   * @param shortest the bound
   */
  public record TimerClamp(int depth, Duration shortest) {
    /** The standard's: 4 ms from the sixth on. */
    public static final TimerClamp STANDARD = new TimerClamp(5, Duration.ofMillis(4));

    public TimerClamp {
      if (depth < 0) {
        throw new IllegalArgumentException("depth: " + depth + " (expected: 0..)");
      }
      requireNotNegative("shortest", shortest);
    }
  }

  public LoopSettings {
    requireNonNull(name, "name");
    if (tasksPerTick < 1 || tasksPerTick > 1_000_000) {
      throw new IllegalArgumentException(
          "tasksPerTick: " + tasksPerTick + " (expected: 1..1000000)");
    }
    requireNotNegative("tickBudget", tickBudget);
    requireNotNegative("spin", spin);
    requireNotNegative("shutdownGrace", shutdownGrace);
    if (!longestWait.isPositive()) {
      throw new IllegalArgumentException("longestWait: " + longestWait + " (expected: above 0)");
    }
    if (sampleEvery < 0 || Integer.bitCount(sampleEvery) > 1) {
      throw new IllegalArgumentException(
          "sampleEvery: " + sampleEvery + " (expected: 0 or a power of two)");
    }
    requireNonNull(timerClamp, "timerClamp");
  }

  /** What is right for most. */
  public static LoopSettings of(String name) {
    return new LoopSettings(
        name,
        /* tasksPerTick= */ 1_024,
        /* tickBudget= */ Duration.ofMillis(2),
        /* longestWait= */ Duration.ofSeconds(1),
        /* spin= */ Duration.ZERO,
        /* shutdownGrace= */ Duration.ofSeconds(5),
        /* sampleEvery= */ 64,
        /* timerClamp= */ Optional.empty());
  }

  /** The same under another name. */
  public LoopSettings named(String another) {
    return new LoopSettings(
        another,
        tasksPerTick,
        tickBudget,
        longestWait,
        spin,
        shutdownGrace,
        sampleEvery,
        timerClamp);
  }

  private static void requireNotNegative(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + ": " + duration + " (expected: 0..)");
    }
  }
}
