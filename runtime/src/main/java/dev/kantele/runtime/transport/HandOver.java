package dev.kantele.runtime.transport;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Ends a connection's stream but not the connection, which goes on with another stream: to be what
 * a stage fails with that is joined to a connection that {@link Connection#handsOver}. So a stream
 * that finds out what a connection is for need not stay between the socket and what it is for.
 */
public final class HandOver extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ByteString unread;
  private final transient ByteString toSend;
  private final transient Consumer<Connection> next;

  /**
   * A hand-over.
   *
   * @param unread what was received and comes again first
   * @param toSend what is sent first
   * @param next runs the connection's next stream, before it returns
   */
  public HandOver(ByteString unread, ByteString toSend, Consumer<Connection> next) {
    super(
        "The connection goes on with another stream.",
        /* cause= */ null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.unread = requireNonNull(unread, "unread");
    this.toSend = requireNonNull(toSend, "toSend");
    this.next = requireNonNull(next, "next");
  }

  ByteString unread() {
    return unread;
  }

  ByteString toSend() {
    return toSend;
  }

  Consumer<Connection> next() {
    return next;
  }
}
