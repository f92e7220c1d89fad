package dev.kantele.protocol.codec;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.WireError;

/**
 * Leaves a reader with the reason why the frame is no command; caught in {@link CommandDecoder}.
 */
final class Rejection extends Exception {
  private static final long serialVersionUID = 1;

  private final transient WireError error;

  private Rejection(ErrorCode code, String message) {
    super(
        message,
        /* cause= */ null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.error = WireError.of(code, message);
  }

  WireError error() {
    return error;
  }

  /** The frame is not the JSON that it should be. */
  static Rejection invalidMessage(String sentence) {
    return new Rejection(ErrorCode.INVALID_MESSAGE, sentence);
  }

  /** No command has this name. */
  static Rejection unknownType(String type) {
    return new Rejection(
        ErrorCode.UNKNOWN_TYPE,
        "Field type is " + Shown.text(type) + " (expected: a command of protocol version 1).");
  }

  /** The field is not what it should be; {@code shown} and {@code expected} as in the sentence. */
  static Rejection invalidField(String path, String shown, String expected) {
    return new Rejection(
        ErrorCode.INVALID_ARGUMENT,
        "Field " + path + " is " + shown + " (expected: " + expected + ").");
  }

  /** Of two fields that exclude each other, none or both are there. */
  static Rejection notExactlyOne(String first, String second, boolean both) {
    return new Rejection(
        ErrorCode.INVALID_ARGUMENT,
        "Fields %s and %s are both %s (expected: exactly one of them)."
            .formatted(first, second, both ? "given" : "missing"));
  }

  /** {@code what}, as in "Field text has", holds more than it may. */
  static Rejection limitExceeded(String what, long value, long max, String unit) {
    return new Rejection(
        ErrorCode.LIMIT_EXCEEDED,
        what + " " + value + " " + unit + " (expected: at most " + max + ").");
  }

  /** The number is beyond what JSON readers agree on (RFC 8259, section 6). */
  static Rejection numberTooLarge(String path, String number) {
    return new Rejection(
        ErrorCode.LIMIT_EXCEEDED,
        "Field " + path + " is " + number + " (expected: at most " + Double.MAX_VALUE + ").");
  }
}
