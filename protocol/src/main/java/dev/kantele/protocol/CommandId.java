package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A client's own name for one command, echoed in its reply as {@code re}. 1 to 64 characters. */
public record CommandId(@JsonValue String value) {
  /** The most characters that an id may have. */
  public static final int MAX_LENGTH = 64;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CommandId {
    Names.requireText(value, "CommandId", MAX_LENGTH);
  }

  @Override
  public String toString() {
    return value;
  }
}
