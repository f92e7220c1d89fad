package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one request for human input inside a turn. */
public record RequestId(@JsonValue String value) {
  /** The most characters that an id may have. */
  public static final int MAX_LENGTH = 128;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RequestId {
    Names.requireName(value, "RequestId", MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
