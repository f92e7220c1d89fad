package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/**
 * Why a command was refused.
 *
 * @param message one plain sentence with the value and the bound
 * @param expected the command number that the session expects next from this client
 * @param retryAfterMs how long to wait before the next try, in milliseconds
 */
public record WireError(
    ErrorCode code,
    String message,
    boolean retryable,
    OptionalLong expected,
    OptionalLong retryAfterMs) {
  public WireError {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
  }

  /** An error without numbers, retryable as its code says. */
  public static WireError of(ErrorCode code, String message) {
    return new WireError(
        code, message, code.retryable(), OptionalLong.empty(), OptionalLong.empty());
  }

  /** A numbering error with the number that is expected. */
  public static WireError expecting(ErrorCode code, String message, long expected) {
    return new WireError(
        code, message, code.retryable(), OptionalLong.of(expected), OptionalLong.empty());
  }
}
