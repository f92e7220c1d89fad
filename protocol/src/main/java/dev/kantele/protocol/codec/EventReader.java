package dev.kantele.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Reads the flat frame of an event. */
final class EventReader {
  private final ObjectReader trees;
  private final ObjectReader bodies;
  private final ObjectReader times;

  EventReader(ObjectMapper mapper) {
    this.trees = mapper.readerFor(ObjectNode.class);
    this.bodies = mapper.readerFor(EventBody.class);
    this.times = mapper.readerFor(Instant.class);
  }

  Event read(byte[] frame) {
    try {
      ObjectNode object = trees.readValue(frame);
      var session = new SessionId(text(object, "session").textValue());
      Covers covers = covers(object);
      Instant at = times.readValue(text(object, "at"));
      object.remove(List.of("seq", "covers", "session", "at"));
      return new Event(session, covers, at, bodies.readValue(object));
    } catch (IOException | IllegalArgumentException e) {
      throw new WireFormatException("event: " + frame.length + " bytes (expected: an event)", e);
    }
  }

  private static JsonNode text(ObjectNode object, String field) {
    JsonNode node = object.path(field);
    if (!node.isTextual()) {
      throw new IllegalArgumentException(field + ": " + node + " (expected: a string)");
    }
    return node;
  }

  private static Covers covers(ObjectNode object) {
    long seq = number(object.path("seq"));
    JsonNode covers = object.path("covers");
    return covers.isMissingNode() || covers.isNull()
        ? Covers.of(seq)
        : new Covers(number(covers.path(0)), seq);
  }

  private static long number(JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new IllegalArgumentException("seq: " + node + " (expected: an integer)");
    }
    return node.longValue();
  }
}
