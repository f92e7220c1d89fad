package dev.kantele.cluster.access;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Event;

/** An event as JSON text of one line. */
public record Received(Event event, String json) {
  public Received {
    requireNonNull(event, "event");
    requireNonNull(json, "json");
  }
}
