package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

/** The client has no connection any more, and makes no other: it is of no further use. */
public final class ConnectionEndedException extends ClientException {
  private static final long serialVersionUID = 1;

  /** What ended it. */
  public enum Reason {
    /** No node answered when the client was made. */
    UNREACHABLE,
    /** The connection was lost, and no node answered for as long as the client was told to try. */
    GIVEN_UP,
    /** The node closed it in a way that a new connection would not mend. */
    CLOSED_BY_NODE,
    /** What is at the other end does not keep to the protocol. */
    BROKEN,
    /** {@link KanteleClient#close} was called. */
    CLOSED_HERE
  }

  private final Reason reason;

  ConnectionEndedException(Reason reason, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason");
  }

  /** What ended it. */
  public Reason reason() {
    return reason;
  }
}
