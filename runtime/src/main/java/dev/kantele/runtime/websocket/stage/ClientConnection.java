package dev.kantele.runtime.websocket.stage;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.websocket.handshake.ClientHandshake;
import java.util.concurrent.CompletionStage;

/**
 * What becomes of a client's connection.
 *
 * @param upgraded completes when the connection is a WebSocket; fails with {@link
 *     WebSocketException} if it becomes none
 * @param closed how it ended; never fails
 */
public record ClientConnection(
    CompletionStage<ClientHandshake.Outcome.Accepted> upgraded,
    CompletionStage<CloseStatus> closed) {
  public ClientConnection {
    requireNonNull(upgraded, "upgraded");
    requireNonNull(closed, "closed");
  }
}
