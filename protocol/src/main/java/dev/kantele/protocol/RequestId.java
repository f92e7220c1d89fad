package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one request for human input inside a turn. */
public record RequestId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RequestId {
    Names.requireName(value, "RequestId", 128);
  }

  @Override
  public String toString() {
    return value;
  }
}
