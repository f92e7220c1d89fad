package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one model stream: one attempt at one model call of a turn. */
public record StreamId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public StreamId {
    Names.requireName(value, "StreamId", 128);
  }

  @Override
  public String toString() {
    return value;
  }
}
