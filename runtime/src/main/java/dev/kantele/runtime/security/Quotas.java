package dev.kantele.runtime.security;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How much of a node one principal may use, over all its clients. Thread-safe. What it knows of a
 * principal that uses nothing is forgotten, so that it holds no more than there are connections and
 * principals that were active of late.
 */
public final class Quotas {
  /** More principals than these are looked through for those that can be forgotten. */
  private static final int FORGET_ABOVE = 1_024;

  /**
   * The bounds, the same for every principal.
   *
   * @param sessions sessions that it owns and that are not deleted
   * @param connections WebSockets and event streams at a time
   * @param commandsPerSecond commands in the long run
   * @param commandBurst commands at once
   */
  public record Limits(int sessions, int connections, int commandsPerSecond, int commandBurst) {
    public Limits {
      require("sessions", sessions);
      require("connections", connections);
      require("commands-per-second", commandsPerSecond);
      require("command-burst", commandBurst);
    }

    private static void require(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
      }
    }
  }

  private final Limits limits;
  private final ConcurrentMap<String, Integer> connections = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, TokenBucket> buckets = new ConcurrentHashMap<>();

  /** Nobody uses anything yet. */
  public Quotas(Limits limits) {
    this.limits = requireNonNull(limits, "limits");
  }

  /** The bounds. */
  public Limits limits() {
    return limits;
  }

  /** Counts one more connection of {@code principal}; false if it may have no more. */
  public boolean enter(String principal) {
    var entered = new boolean[1];
    connections.compute(
        principal,
        (_, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < limits.connections();
          return entered[0] ? Integer.valueOf(now + 1) : count;
        });
    return entered[0];
  }

  /** Whether {@code principal} may have one more connection at the moment. */
  public boolean hasRoom(String principal) {
    return connections.getOrDefault(principal, 0) < limits.connections();
  }

  /** Counts one connection less; to be called once for each that entered. */
  public void leave(String principal) {
    connections.computeIfPresent(principal, (_, count) -> count == 1 ? null : count - 1);
  }

  /**
   * Takes in a command of {@code principal}. Returns 0, or if there were too many the milliseconds
   * until the next may come.
   */
  public long take(String principal, long nowMillis) {
    if (buckets.size() > FORGET_ABOVE) {
      buckets.values().removeIf(bucket -> bucket.isFull(nowMillis));
    }
    var waitMillis = new long[1];
    buckets.compute(
        principal,
        (_, known) -> {
          TokenBucket bucket =
              known == null
                  ? new TokenBucket(limits.commandsPerSecond(), limits.commandBurst(), nowMillis)
                  : known;
          waitMillis[0] = bucket.take(nowMillis);
          return bucket;
        });
    return waitMillis[0];
  }

  /** How many principals it knows something of. */
  int known() {
    return Math.max(connections.size(), buckets.size());
  }
}
