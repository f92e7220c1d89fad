package dev.kantele.runtime.websocket.frame;

import org.jspecify.annotations.Nullable;

/** What is wrong with a frame by its header alone (RFC 6455, section 5). */
final class HeaderFaults {
  private final FrameRules rules;
  private final boolean compression;

  /** Faults where {@code compression} says whether messages may be compressed. */
  HeaderFaults(FrameRules rules, boolean compression) {
    this.rules = rules;
    this.compression = compression;
  }

  /**
   * Judges a header.
   *
   * @param inMessage whether a message was begun and not ended
   * @param messageBytes how many bytes of it were announced so far
   * @param fragments in how many frames
   */
  @Nullable Violation of(FrameHeader header, boolean inMessage, long messageBytes, int fragments) {
    if (header.reserved != 0 && !isCompressed(header)) {
      return protocolError("Reserved bits are set without an extension that says what they mean.");
    }
    if (!Opcode.isKnown(header.opcode)) {
      return protocolError("Opcode " + header.opcode + " is reserved.");
    }
    if (header.masked != (rules.role() == Role.SERVER)) {
      return protocolError(
          header.masked ? "A server must not mask its frames." : "A client must mask its frames.");
    }
    if (header.length < 0 || !header.minimal) {
      return protocolError("The frame's length is not written in as few bytes as it can be.");
    }
    if (header.isControl()) {
      return header.fin && header.length <= Wire.MAX_CONTROL_BYTES
          ? null
          : protocolError("A control frame is one frame of at most 125 bytes.");
    }
    if (header.opcode == Opcode.BINARY.number() && !rules.binary()) {
      return new Violation(CloseCode.UNSUPPORTED_DATA, "Messages are text (expected: JSON).");
    }
    if (inMessage != (header.opcode == Opcode.CONTINUATION.number())) {
      return protocolError(
          inMessage
              ? "A message began before the one before it ended."
              : "A continuation came without a message to continue.");
    }
    return tooLarge(header, messageBytes, fragments);
  }

  private @Nullable Violation tooLarge(FrameHeader header, long messageBytes, int fragments) {
    FrameLimits limits = rules.limits();
    if (header.length > limits.messageBytes() - messageBytes) {
      return new Violation(
          CloseCode.MESSAGE_TOO_BIG,
          "A message may have " + limits.messageBytes() + " bytes at the most.");
    }
    if (header.length > limits.frameBytes()) {
      return new Violation(
          CloseCode.MESSAGE_TOO_BIG,
          "A frame may have " + limits.frameBytes() + " bytes at the most.");
    }
    if (fragments >= limits.fragments()) {
      return new Violation(
          CloseCode.POLICY_VIOLATION,
          "A message may have " + limits.fragments() + " fragments at the most.");
    }
    return null;
  }

  /** RSV1 alone, on the first frame of a message (RFC 7692, section 6). */
  private boolean isCompressed(FrameHeader header) {
    return compression
        && header.reserved == Wire.RSV1
        && (header.opcode == Opcode.TEXT.number() || header.opcode == Opcode.BINARY.number());
  }

  private static Violation protocolError(String reason) {
    return new Violation(CloseCode.PROTOCOL_ERROR, reason);
  }
}
