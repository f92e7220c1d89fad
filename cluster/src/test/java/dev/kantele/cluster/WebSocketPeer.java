package dev.kantele.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client that sees a node's frames as they are, and how the node closes. */
final class WebSocketPeer {
  private static final long LIMIT_SECONDS = NodeProcess.LIMIT.toSeconds();

  private final LinkedBlockingQueue<String> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;

  private WebSocketPeer(String url) {
    URI uri = URI.create(url.replaceFirst("^http", "ws") + "/v1/ws");
    this.socket =
        get(
            HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("kantele.v1.json")
                .buildAsync(uri, new Frames(frames, closed)));
  }

  /** Connects to the node at {@code url}, and says hello. */
  static WebSocketPeer connect(String url) {
    var peer = new WebSocketPeer(url);
    peer.send(
        """
        {"type":"hello","id":"h","versions":[1],"client":"peer"}""");
    peer.await("\"type\":\"welcome\"");
    return peer;
  }

  void send(String frame) {
    get(socket.sendText(frame, /* last= */ true));
  }

  /** The next frame that has {@code text}; those before it are dropped. */
  String await(String text) {
    try {
      while (true) {
        String frame = frames.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (frame == null) {
          throw new AssertionError("no frame has " + text);
        }
        if (frame.contains(text)) {
          return frame;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The code with which the node closes, when it has. */
  int closeCode() {
    return get(closed);
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Frames implements WebSocket.Listener {
    private final LinkedBlockingQueue<String> frames;
    private final CompletableFuture<Integer> closed;
    private final StringBuilder frame = new StringBuilder();

    Frames(LinkedBlockingQueue<String> frames, CompletableFuture<Integer> closed) {
      this.frames = frames;
      this.closed = closed;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      frame.append(data);
      if (last) {
        frames.add(frame.toString());
        frame.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
