package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * The reasons for which a command is refused, with the HTTP status of each (RFC 9110, section 15).
 */
public enum ErrorCode {
  INVALID_MESSAGE(400, false),
  INVALID_ARGUMENT(400, false),
  UNKNOWN_TYPE(400, false),
  VERSION_MISMATCH(400, false),
  UNAUTHENTICATED(401, false),
  FORBIDDEN(403, false),
  SESSION_NOT_FOUND(404, false),
  TURN_NOT_FOUND(404, false),
  INVOCATION_NOT_FOUND(404, false),
  MODEL_NOT_FOUND(404, false),
  TOOL_NOT_FOUND(404, false),
  AGENT_NOT_FOUND(404, false),
  SESSION_CLOSED(409, false),
  TURN_RUNNING(409, true),
  TURN_EXISTS(409, false),
  TURN_CANCELLED(409, false),
  ALREADY_DECIDED(409, false),
  DUPLICATE_SEQUENCE(409, false),
  SEQUENCE_GAP(409, true),
  CURSOR_UNKNOWN(409, false),
  LIMIT_EXCEEDED(413, false),
  QUEUE_FULL(429, true),
  RATE_LIMITED(429, true),
  INTERNAL(500, true),
  UNAVAILABLE(503, true);

  private final int httpStatus;
  private final boolean retryable;
  private final String wireName = name().toLowerCase(Locale.ROOT);

  ErrorCode(int httpStatus, boolean retryable) {
    this.httpStatus = httpStatus;
    this.retryable = retryable;
  }

  /** The status of the HTTP response that carries this code. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Whether the same command may succeed later, or after the client mended its numbering. */
  public boolean retryable() {
    return retryable;
  }

  /** The code on the wire, as in {@code sequence_gap}. */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /** Reads a code from the wire. */
  @JsonCreator
  public static ErrorCode of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
