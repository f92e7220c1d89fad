package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.LogId;
import dev.kantele.protocol.WireNumber;

/**
 * How far a subscriber has come in a log.
 *
 * @param after the last number that it has
 * @param shared whether that number came from what this node's subscribers share; false for a new
 *     subscriber
 */
public record Cursor(LogId log, long after, boolean shared) {
  public Cursor {
    requireNonNull(log, "log");
    WireNumber.require("after", after, 0);
  }

  /** A new subscriber's cursor. */
  public static Cursor of(LogId log, long after) {
    return new Cursor(log, after, /* shared= */ false);
  }
}
