package dev.kantele.cluster.client;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Joins the fragments of a message and hands it over, one at a time: the next is asked for when the
 * receiver has room. Called by one thread of the HTTP client at a time.
 */
final class FrameListener implements WebSocket.Listener {
  /** What messages and ends go to. */
  interface Receiver {
    /** A whole message; false if no other may come until {@link WebSocket#request} is called. */
    boolean message(String text);

    /** Nothing comes any more. Called at least once. */
    void ended(ConnectionException because);
  }

  /** A node sends nothing near this; beyond it, something else is at the other end. */
  private static final int MAX_MESSAGE_CHARACTERS = 64 << 20;

  private final Receiver receiver;
  private final StringBuilder message = new StringBuilder();

  FrameListener(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    if (message.length() + data.length() > MAX_MESSAGE_CHARACTERS) {
      return refuse(
          socket, "it sent a message of more than %d characters".formatted(MAX_MESSAGE_CHARACTERS));
    }
    message.append(data);
    if (!last) {
      socket.request(1);
      return null;
    }
    String whole = message.toString();
    message.setLength(0);
    if (receiver.message(whole)) {
      socket.request(1);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    return refuse(socket, "it sent bytes where only text is understood");
  }

  private @Nullable CompletionStage<?> refuse(WebSocket socket, String because) {
    receiver.ended(ConnectionException.lasting(because));
    socket.abort();
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    receiver.ended(ConnectionException.closed(new CloseCode(code, reason)));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    receiver.ended(ConnectionException.closed(CloseCode.dropped()));
  }
}
