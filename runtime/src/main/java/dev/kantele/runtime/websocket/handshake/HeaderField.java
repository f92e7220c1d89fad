package dev.kantele.runtime.websocket.handshake;

import static java.util.Objects.requireNonNull;

/** A field of a header. */
public record HeaderField(String name, String value) {
  public HeaderField {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
    if (!Tokens.isToken(name) || !Tokens.isFieldValue(value)) {
      throw new IllegalArgumentException(
          "field: " + name + " (expected: a token, and a value without control characters)");
    }
  }
}
