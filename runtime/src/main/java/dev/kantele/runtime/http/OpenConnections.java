package dev.kantele.runtime.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;

/**
 * The connections of a port that are no WebSockets, so that they can be ended. Any thread may call.
 */
final class OpenConnections {
  /** A connection, as others see it. */
  interface Open {
    /** Asks it to end, after {@code limit} in any case; it is gone when it has left. */
    void terminate(Duration limit);
  }

  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Done> gone = new CompletableFuture<>();
  private volatile Duration limit = Duration.ZERO;
  private volatile boolean terminating;

  /** Adds a connection; if all are being ended, this one is, too. */
  void enter(Open connection) {
    open.add(connection);
    if (terminating) {
      connection.terminate(limit);
    }
  }

  /** Removes a connection, if it is there. */
  void leave(Open connection) {
    open.remove(connection);
    completeIfGone();
  }

  /** Ends all connections, and those that enter from now on; completes when none is left. */
  CompletionStage<Done> terminate(Duration within) {
    limit = within;
    terminating = true;
    open.forEach(connection -> connection.terminate(within));
    completeIfGone();
    return gone.copy();
  }

  private void completeIfGone() {
    if (terminating && open.isEmpty()) {
      gone.complete(Done.getInstance());
    }
  }
}
