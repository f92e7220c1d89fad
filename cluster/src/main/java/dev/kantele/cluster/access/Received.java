package dev.kantele.cluster.access;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Event;

/** An event, and the JSON text that it came as: one line, with fields that this version ignores. */
public record Received(Event event, String json) {
  public Received {
    requireNonNull(event, "event");
    requireNonNull(json, "json");
  }
}
