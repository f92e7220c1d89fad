package dev.kantele.runtime.websocket.frame;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The head of a frame (RFC 6455, section 5.2).
 *
 * @param reserved the bits RSV1 to RSV3
 * @param length bytes of the payload; negative if its highest bit is set
 * @param minimal whether the length was written in as few bytes as it can be
 * @param mask the masking key; 0 if the frame is not masked
 */
record FrameHeader(
    boolean fin, int reserved, int opcode, boolean masked, long length, boolean minimal, int mask) {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  static final int MAX_CONTROL_BYTES = 125;

  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  /** Takes a header from {@code input}; takes nothing if not all of it is there. */
  static Optional<FrameHeader> read(ByteBuffer input) {
    if (input.remaining() < 2) {
      return Optional.empty();
    }
    int first = input.get(input.position()) & 0xFF;
    int second = input.get(input.position() + 1) & 0xFF;
    boolean masked = (second & 0x80) != 0;
    int length7 = second & 0x7F;
    int lengthBytes = length7 == LENGTH_16 ? 2 : length7 == LENGTH_64 ? 8 : 0;
    if (input.remaining() < 2 + lengthBytes + (masked ? 4 : 0)) {
      return Optional.empty();
    }
    input.position(input.position() + 2);
    long length =
        switch (lengthBytes) {
          case 2 -> input.getShort() & 0xFFFF;
          case 8 -> input.getLong();
          default -> length7;
        };
    boolean minimal =
        switch (lengthBytes) {
          case 2 -> length > MAX_CONTROL_BYTES;
          case 8 -> length < 0 || length > 0xFFFF;
          default -> true;
        };
    return Optional.of(
        new FrameHeader(
            (first & 0x80) != 0,
            first & 0x70,
            first & 0x0F,
            masked,
            length,
            minimal,
            masked ? input.getInt() : 0));
  }

  boolean isControl() {
    return opcode >= CLOSE;
  }

  boolean isKnown() {
    return switch (opcode) {
      case CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG -> true;
      default -> false;
    };
  }
}
