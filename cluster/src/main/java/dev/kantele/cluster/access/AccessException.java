package dev.kantele.cluster.access;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import java.util.Optional;

/** A node did not do what it was asked. The message is one plain sentence without a full stop. */
public final class AccessException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kept the node from it. */
  public enum Reason {
    /** There is no node. */
    UNREACHABLE,
    /** The node went away and did not come back in time. */
    LOST,
    /** The node closed the connection for good, or does not keep to the protocol. */
    BROKEN,
    /** There is nothing more to be had of one session's events; all else goes on. */
    DETACHED,
    /** The session refused; {@link AccessException#code()} says why. */
    REFUSED
  }

  private final Reason reason;
  private final transient Optional<ErrorCode> code;

  private AccessException(Reason reason, Optional<ErrorCode> code, String message) {
    super(message);
    this.reason = requireNonNull(reason, "reason");
    this.code = code;
  }

  /** There is no node. */
  public static AccessException unreachable(String sentence) {
    return new AccessException(Reason.UNREACHABLE, Optional.empty(), sentence);
  }

  /** The node went away. */
  public static AccessException lost(String sentence) {
    return new AccessException(Reason.LOST, Optional.empty(), sentence);
  }

  /** The node is not one that this client can talk to. */
  public static AccessException broken(String sentence) {
    return new AccessException(Reason.BROKEN, Optional.empty(), sentence);
  }

  /** A subscription ended. */
  public static AccessException detached(String sentence) {
    return new AccessException(Reason.DETACHED, Optional.empty(), sentence);
  }

  /** The session refused. */
  public static AccessException refused(WireError error) {
    return new AccessException(Reason.REFUSED, Optional.of(error.code()), error.message());
  }

  /** Returns what {@code reply} acknowledges, or throws what it refuses. */
  public static <T> T requireAck(Reply reply, Class<T> body) {
    return switch (reply) {
      case Reply.Ack ack when body.isInstance(ack.body()) -> body.cast(ack.body());
      case Reply.Nack nack -> throw refused(nack.error());
      case Reply.Ack _, Reply.Welcome _, Reply.Pong _ ->
          throw broken("the node answered with something else than was asked for");
    };
  }

  /** Whether nothing can be had of the node any more. */
  public boolean isOver() {
    return switch (reason) {
      case UNREACHABLE, LOST, BROKEN -> true;
      case DETACHED, REFUSED -> false;
    };
  }

  /** What kept the node from it. */
  public Reason reason() {
    return reason;
  }

  /** Why the session refused; empty for any other reason. */
  public Optional<ErrorCode> code() {
    return code;
  }
}
