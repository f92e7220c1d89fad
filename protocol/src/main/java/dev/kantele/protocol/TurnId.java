package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one turn of a session, by the client or by the session. */
public record TurnId(@JsonValue String value) {
  /** The most characters that an id may have. */
  public static final int MAX_LENGTH = 128;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TurnId {
    Names.requireName(value, "TurnId", MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
