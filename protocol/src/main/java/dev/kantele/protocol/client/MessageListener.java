package dev.kantele.protocol.client;

import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Joins the fragments of a message and hands it over, one at a time. Called by one thread of the
 * HTTP client at a time, which it does not hold up.
 */
final class MessageListener implements WebSocket.Listener {
  /** A node sends nothing near this; beyond it, something else is at the other end. */
  static final int MAX_MESSAGE_CHARACTERS = 64 << 20;

  private final Link.Listener receiver;
  private final LostEndProbe probe;
  private final StringBuilder message = new StringBuilder();

  MessageListener(Link.Listener receiver) {
    this.receiver = receiver;
    this.probe = new LostEndProbe(receiver);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    if (message.length() + data.length() > MAX_MESSAGE_CHARACTERS) {
      return refuse(
          socket, "it sent a message of more than %d characters".formatted(MAX_MESSAGE_CHARACTERS));
    }
    probe.heard(socket);
    message.append(data);
    if (last) {
      String whole = message.toString();
      message.setLength(0);
      receiver.message(whole, () -> socket.request(1));
    } else {
      receiver.alive();
      socket.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    return refuse(socket, "it sent bytes where only text is understood");
  }

  private @Nullable CompletionStage<?> refuse(WebSocket socket, String because) {
    receiver.ended(ConnectionEnd.lasting(Reason.BROKEN, because));
    socket.abort();
    return null;
  }

  /** The JDK answers it by itself. */
  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer data) {
    return sign(socket);
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
    return sign(socket);
  }

  private @Nullable CompletionStage<?> sign(WebSocket socket) {
    probe.heard(socket);
    receiver.alive();
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    receiver.ended(ConnectionEnd.closed(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    receiver.ended(ConnectionEnd.dropped());
  }
}
