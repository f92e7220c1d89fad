package dev.kantele.protocol.client;

/** The node keeps sending events that do not follow on one another. */
public final class EventsLostException extends ClientException {
  private static final long serialVersionUID = 1;

  EventsLostException(String message) {
    super(message);
  }
}
