package dev.kantele.protocol.codec;

/** What a node sent is no message of the protocol. */
public final class WireFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WireFormatException(String message) {
    super(message);
  }

  WireFormatException(String message, Exception cause) {
    super(message, cause);
  }
}
