package dev.kantele.runtime.websocket.frame;

/** What a frame is (RFC 6455, section 5.2). */
public enum Opcode {
  /** Goes on with the message of the frame before it. */
  CONTINUATION(0x0),
  TEXT(0x1),
  BINARY(0x2),
  CLOSE(0x8),
  PING(0x9),
  PONG(0xA);

  static final int CONTROL_BIT = 0x8;

  private static final Opcode[] BY_NUMBER = new Opcode[16];

  static {
    for (Opcode opcode : values()) {
      BY_NUMBER[opcode.number] = opcode;
    }
  }

  private final int number;

  Opcode(int number) {
    this.number = number;
  }

  /** The four bits on the wire. */
  public int number() {
    return number;
  }

  /** Whether it is a ping, a pong or a close. */
  public boolean isControl() {
    return number >= CONTROL_BIT;
  }

  /** The opcode of {@code number}, which must be {@link #isKnown}. */
  static Opcode of(int number) {
    return BY_NUMBER[number];
  }

  static boolean isKnown(int number) {
    return BY_NUMBER[number] != null;
  }
}
