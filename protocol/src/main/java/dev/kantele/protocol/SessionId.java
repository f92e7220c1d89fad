package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a session; chosen by the client. 1 to 128 characters of {@code A-Za-z0-9._:-}. */
public record SessionId(@JsonValue String value) {
  /** The most characters that an id may have. */
  public static final int MAX_LENGTH = 128;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SessionId {
    Names.requireName(value, "SessionId", MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
