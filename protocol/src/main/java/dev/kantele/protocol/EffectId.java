package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The write-ahead identity of a tool call's effect: the same in every attempt, never shared by two
 * calls.
 */
public record EffectId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public EffectId {
    Names.requireName(value, "EffectId", 256);
  }

  @Override
  public String toString() {
    return value;
  }
}
