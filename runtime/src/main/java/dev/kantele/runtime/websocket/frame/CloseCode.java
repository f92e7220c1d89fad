package dev.kantele.runtime.websocket.frame;

/**
 * Why this side closes a connection: the codes of RFC 6455, section 7.4.1, that one sends, and
 * those of the protocol (docs/protocol.md, "Close codes").
 */
public enum CloseCode {
  NORMAL(1000),
  /** The node goes away: reconnect elsewhere. */
  GOING_AWAY(1001),
  PROTOCOL_ERROR(1002),
  UNSUPPORTED_DATA(1003),
  /** Text that is no UTF-8, or a compressed message that can't be inflated. */
  INVALID_DATA(1007),
  POLICY_VIOLATION(1008),
  MESSAGE_TOO_BIG(1009),
  INTERNAL_ERROR(1011),
  /** The first message was not a {@code hello} that can be answered, or came too late. */
  BAD_HELLO(4400),
  UNAUTHENTICATED(4401),
  HEARTBEAT_MISSED(4408),
  /** A newer connection of the same client took this one's place. */
  REPLACED(4409);

  private final int number;

  CloseCode(int number) {
    this.number = number;
  }

  /** The code on the wire. */
  public int number() {
    return number;
  }

  /** Whether {@code number} may be sent in a close frame (RFC 6455, section 7.4). */
  public static boolean isSendable(int number) {
    return (number >= 1000 && number <= 1014 && number != 1004 && number != 1005 && number != 1006)
        || (number >= 3000 && number <= 4999);
  }
}
