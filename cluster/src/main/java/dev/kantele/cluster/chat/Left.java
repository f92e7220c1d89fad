package dev.kantele.cluster.chat;

import dev.kantele.protocol.SessionId;
import java.util.Optional;

/**
 * How a chat was left.
 *
 * @param session the session that was talked to last; empty if none could be opened
 */
public record Left(Optional<SessionId> session, Why why) {
  /** What ended it. */
  public enum Why {
    /** The user said so. */
    ASKED,
    /** Ctrl-C. */
    INTERRUPTED,
    /** There is no way to the node any more. */
    LOST
  }
}
