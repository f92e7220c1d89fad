package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name that a client gives itself in {@code hello}; with the authenticated principal it scopes
 * command ids and command numbers.
 */
public record ClientId(@JsonValue String value) {
  /** The most characters that an id may have. */
  public static final int MAX_LENGTH = 128;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ClientId {
    Names.requireText(value, "ClientId", MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
