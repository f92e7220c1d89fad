package dev.kantele.runtime.sessions;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.Cursor;
import dev.kantele.runtime.log.PullReply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The only way to a session, whether it lives in this JVM or elsewhere. Safe from any thread; never
 * blocks; no stage fails for a reason that a client could act on, such a reason is in the reply.
 */
public interface Sessions {
  /**
   * Hands a command to its session, which is woken if it sleeps. The stage completes with the one
   * reply, at the latest after the node's command time limit, then with {@code unavailable}: the
   * command may have taken effect, and repeating it is safe.
   */
  CompletionStage<Reply> submit(ClientKey client, Command.OfSession command);

  /**
   * Asks for what comes after {@code cursor}: at most {@code maxEvents} events of about {@code
   * maxBytes} together, but at least one. Completes at once where there is something, else when
   * something comes, or empty after a while. Repeating a pull, with the same cursor, is harmless.
   */
  CompletionStage<PullReply> pull(SessionId session, Cursor cursor, int maxEvents, int maxBytes);

  /** Lists sessions that exist, by id, after {@code after}. */
  CompletionStage<List<SessionId>> list(Optional<SessionId> after, int limit);

  /** As {@link #list(Optional, int)}, those only that belong to the principal {@code owner}. */
  CompletionStage<List<SessionId>> list(String owner, Optional<SessionId> after, int limit);
}
