package dev.kantele.runtime.websocket;

import dev.kantele.protocol.WireNumber;
import java.util.OptionalLong;

/** How many events a subscriber still wants: a number that it granted, or no limit. */
final class Credit {
  private final boolean limited;
  private long events;

  /** What {@code session.attach} grants; nothing said is no limit. */
  Credit(OptionalLong granted) {
    this.limited = granted.isPresent();
    this.events = granted.orElse(0);
  }

  /** Grants {@code more}; what exceeds the largest number on the wire is as good as no limit. */
  void grant(long more) {
    events = Math.min(events + more, WireNumber.MAX);
  }

  /** Takes one event, which goes now. */
  void take() {
    if (limited) {
      events--;
    }
  }

  /** How many events may go, at most {@code max}. */
  int atMost(int max) {
    return limited ? (int) Math.min(events, max) : max;
  }

  /** Whether no event may go. */
  boolean isSpent() {
    return limited && events == 0;
  }
}
