package dev.kantele.cluster.access;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import java.util.Optional;

/**
 * A way to the sessions of one node. Safe from any thread; every method blocks until the node has
 * answered, and throws {@link AccessException} when it does not.
 */
public interface SessionAccess extends AutoCloseable {
  /** Hands a command to its session and returns the one reply, which may be a refusal. */
  Reply submit(Command.OfSession command);

  /** Lists sessions by id, at most {@code limit} of them, from {@code page} on. */
  AckBody.Sessions list(int limit, Optional<String> page);

  /** Lists models as {@code provider/name}, at most {@code limit} of them, from {@code page} on. */
  AckBody.Models models(int limit, Optional<String> page);

  /**
   * Subscribes to everything after number {@code after}. One subscription a session; it is gone
   * when the access is closed.
   *
   * @throws AccessException also if the session refuses
   */
  Subscription attach(SessionId session, long after, Optional<LogId> log);

  /** Ends all subscriptions. What runs in the sessions goes on where the node goes on. */
  @Override
  void close();
}
