package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

/**
 * Why a turn, stream or tool call failed: a stable code, one plain sentence, and whether trying
 * again may help. The message never holds an exception's text, a secret or a stack trace.
 */
public record Failure(String code, String message, boolean retryable) {
  public Failure {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
  }
}
