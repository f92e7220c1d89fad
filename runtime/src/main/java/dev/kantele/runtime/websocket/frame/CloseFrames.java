package dev.kantele.runtime.websocket.frame;

import org.jspecify.annotations.Nullable;

/** The payload of a close frame (RFC 6455, section 5.5.1). */
final class CloseFrames {
  /** What is wrong with a payload of {@code length} bytes, if anything is. */
  static @Nullable Violation faultOf(byte[] payload, int length) {
    if (length == 0) {
      return null;
    }
    if (length == 1) {
      return new Violation(CloseCode.PROTOCOL_ERROR, "A close frame's code has two bytes.");
    }
    int code = Wire.readShort(payload, 0);
    if (!CloseCode.isSendable(code)) {
      return new Violation(CloseCode.PROTOCOL_ERROR, "Close code " + code + " must not be sent.");
    }
    var reason = new Utf8();
    if (!reason.take(payload, 2, length) || !reason.isComplete()) {
      return new Violation(CloseCode.INVALID_DATA, "The reason is not valid UTF-8.");
    }
    return null;
  }

  private CloseFrames() {}
}
