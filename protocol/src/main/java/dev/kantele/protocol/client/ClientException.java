package dev.kantele.protocol.client;

/**
 * What was asked of a client was not done. The message is a sentence without a full stop, and holds
 * no secret.
 */
public abstract sealed class ClientException extends RuntimeException
    permits CommandRefusedException, ConnectionEndedException, EventsLostException {
  private static final long serialVersionUID = 1;

  ClientException(String message) {
    super(message);
  }
}
