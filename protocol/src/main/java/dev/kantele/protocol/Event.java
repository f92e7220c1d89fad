package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One event of a session's log as one subscriber gets it. Its number {@code seq} is {@code
 * covers.to()}; {@code at} is kept to the millisecond.
 */
public record Event(SessionId session, Covers covers, Instant at, EventBody body) {
  public Event {
    requireNonNull(session, "session");
    requireNonNull(covers, "covers");
    at = at.truncatedTo(ChronoUnit.MILLIS);
    requireNonNull(body, "body");
  }

  /** The event's number: the last that it covers. */
  public long seq() {
    return covers.to();
  }
}
