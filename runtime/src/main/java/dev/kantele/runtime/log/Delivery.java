package dev.kantele.runtime.log;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;

/** An entry as one subscriber gets it: {@code covers} joins it to what that subscriber has. */
public record Delivery(Covers covers, LogEntry entry) {
  public Delivery {
    requireNonNull(covers, "covers");
    requireNonNull(entry, "entry");
  }

  /** The event. */
  public Event event() {
    return new Event(entry.session(), covers, entry.at(), entry.body());
  }
}
