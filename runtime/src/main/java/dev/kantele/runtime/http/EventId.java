package dev.kantele.runtime.http;

import dev.kantele.protocol.LogId;
import dev.kantele.protocol.WireNumber;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Where in a log a client is, as the id of an event says it: {@code log:seq}.
 *
 * @param log the log that the number is of; empty: whichever the session has
 * @param seq the last number that the client has; 0: none
 */
record EventId(Optional<LogId> log, long seq) {
  static final String HEADER = "Last-Event-ID";
  private static final String AFTER = "after";

  /** The id of the event {@code seq} of {@code log}. */
  static String text(LogId log, long seq) {
    return log + ":" + seq;
  }

  /**
   * Where the client that sent {@code request} is: as {@code Last-Event-ID} says, else as the
   * parameter {@code after} does, else before the start.
   *
   * @throws IllegalArgumentException if that is not to be understood; the message is for the client
   */
  static EventId of(HttpRequest request) {
    Optional<String> last = Caller.header(request, HEADER).filter(value -> !value.isEmpty());
    if (last.isPresent()) {
      return ofLast(last.get());
    }
    String after = request.getUri().query().getOrElse(AFTER, "0");
    return new EventId(Optional.empty(), number("Parameter " + AFTER, after, after));
  }

  private static EventId ofLast(String text) {
    int colon = text.lastIndexOf(':');
    String what = "Header " + HEADER;
    if (colon < 0) {
      throw wrong(what, text, "log:seq");
    }
    try {
      return new EventId(
          Optional.of(new LogId(text.substring(0, colon))),
          number(what, text, text.substring(colon + 1)));
    } catch (IllegalArgumentException _) {
      throw wrong(what, text, "log:seq");
    }
  }

  private static long number(String what, String whole, String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= WireNumber.MAX) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw wrong(what, whole, "0.." + WireNumber.MAX);
  }

  private static IllegalArgumentException wrong(String what, String text, String expected) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return new IllegalArgumentException(what + " is '" + shown + "' (expected: " + expected + ").");
  }
}
