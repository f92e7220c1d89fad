package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one tool call of a turn, from the model's first mention of it to its terminal event. */
public record InvocationId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public InvocationId {
    Names.requireName(value, "InvocationId", 160);
  }

  @Override
  public String toString() {
    return value;
  }
}
