package dev.kantele.runtime.model.http;

import static java.util.Objects.requireNonNull;

/**
 * One event of an event stream.
 *
 * @param type {@code message} unless the stream says otherwise
 * @param data the data lines, joined by line feeds
 * @param lastEventId the latest id that the stream has given, of this event or an earlier one;
 *     empty if none
 */
public record ServerSentEvent(String type, String data, String lastEventId) {
  public ServerSentEvent {
    requireNonNull(type, "type");
    requireNonNull(data, "data");
    requireNonNull(lastEventId, "lastEventId");
  }
}
