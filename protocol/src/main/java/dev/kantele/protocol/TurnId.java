package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one turn of a session, by the client or by the session. */
public record TurnId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TurnId {
    Names.requireName(value, "TurnId", 128);
  }

  @Override
  public String toString() {
    return value;
  }
}
