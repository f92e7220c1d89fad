package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a session; chosen by the client. 1 to 128 characters of {@code A-Za-z0-9._:-}. */
public record SessionId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SessionId {
    Names.requireName(value, "SessionId", 128);
  }

  @Override
  public String toString() {
    return value;
  }
}
