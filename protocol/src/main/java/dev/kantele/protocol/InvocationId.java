package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one tool call of a turn, from the model's first mention of it to its terminal event. */
public record InvocationId(@JsonValue String value) {
  /** The most characters that an id may have. */
  public static final int MAX_LENGTH = 160;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public InvocationId {
    Names.requireName(value, "InvocationId", MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
