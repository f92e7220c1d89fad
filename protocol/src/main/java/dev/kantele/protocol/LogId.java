package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The random identity that a session's log is given when it is created. Together with a sequence
 * number it makes a cursor.
 */
public record LogId(@JsonValue String value) {
  /** The most characters that an id may have. */
  public static final int MAX_LENGTH = 64;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public LogId {
    Names.requireName(value, "LogId", MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
