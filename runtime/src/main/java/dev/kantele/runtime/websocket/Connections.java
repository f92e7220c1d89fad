package dev.kantele.runtime.websocket;

import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.websocket.frame.CloseCode;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.pekko.Done;

/**
 * All connections of a node, and which of them is a client's. Any thread may call, at any time; of
 * two connections that claim the same client at once, the one whose claim comes second stays.
 */
final class Connections {
  /** A connection, as others see it. */
  interface Connection {
    /** Asks the connection to close; it is gone when it has called {@link #leave}. */
    void close(CloseCode code, String reason);
  }

  private static final String GOING_AWAY = "The node goes away; reconnect elsewhere.";

  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<ClientKey, Connection> clients = new ConcurrentHashMap<>();
  private final CompletableFuture<Done> drained = new CompletableFuture<>();
  private volatile boolean draining;

  /** How many there are. */
  int size() {
    return connections.size();
  }

  /** Adds a connection; while draining it is asked to close at once. */
  void enter(Connection connection) {
    connections.add(connection);
    if (draining) {
      connection.close(CloseCode.GOING_AWAY, GOING_AWAY);
    }
  }

  /** Makes {@code connection} the client's only one. */
  void claim(ClientKey client, Connection connection) {
    Connection older = clients.put(client, connection);
    if (older != null && !older.equals(connection)) {
      older.close(CloseCode.REPLACED, "A newer connection of the same client took over.");
    }
  }

  /** Removes a connection, and its claim if it still holds one. */
  void leave(Connection connection, Optional<ClientKey> client) {
    client.ifPresent(key -> clients.remove(key, connection));
    connections.remove(connection);
    completeIfDrained();
  }

  /** Closes all, and all that enter from now on; completes when none is left. */
  CompletionStage<Done> drain() {
    draining = true;
    connections.forEach(connection -> connection.close(CloseCode.GOING_AWAY, GOING_AWAY));
    completeIfDrained();
    return drained.copy();
  }

  private void completeIfDrained() {
    if (draining && connections.isEmpty()) {
      drained.complete(Done.getInstance());
    }
  }
}
