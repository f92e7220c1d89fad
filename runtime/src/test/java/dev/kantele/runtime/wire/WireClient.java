package dev.kantele.runtime.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks plain JSON over a real WebSocket and keeps whatever it was told. Confined to
 * the test's thread.
 */
final class WireClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WAIT_SECONDS = 20;

  private final BlockingQueue<JsonNode> incoming = new LinkedBlockingQueue<>();
  private final Deque<JsonNode> unread = new ArrayDeque<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;

  /** Every event that came, in order. */
  final List<JsonNode> events = new ArrayList<>();

  /** Every reply that came, in order. */
  final List<JsonNode> replies = new ArrayList<>();

  /** Completes with the code with which the node closed. */
  final CompletableFuture<Integer> closed = new CompletableFuture<>();

  private int ids;

  WireClient(InetSocketAddress address) throws Exception {
    socket =
        http.newWebSocketBuilder()
            .subprotocols("kantele.v1.json")
            .buildAsync(
                URI.create("ws://127.0.0.1:" + address.getPort() + "/v1/ws"), new Listener())
            .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        incoming.add(json(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.completeExceptionally(failure);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  WireClient hello(String client, String token) throws Exception {
    call("{'type':'hello','versions':[1],'client':'" + client + "','token':'" + token + "'}");
    return this;
  }

  /** Sends text as it is. */
  void send(String text) throws Exception {
    socket.sendText(text, /* last= */ true).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Sends a command, written with single quotes and without an id, and returns its reply. */
  JsonNode call(String command) throws Exception {
    return callAs("c" + ++ids, command);
  }

  /** As {@link #call}, with an id of the caller's choice. */
  JsonNode callAs(String id, String command) throws Exception {
    send("{\"id\":\"" + id + "\"," + command.replace('\'', '"').substring(1));
    return reply(message -> message.path("re").asText().equals(id));
  }

  /** The next reply that fits; events that come before it are kept. */
  JsonNode reply(Predicate<JsonNode> fits) throws Exception {
    while (true) {
      JsonNode message = next();
      if (!message.has("seq")) {
        replies.add(message);
        if (fits.test(message)) {
          return message;
        }
      }
    }
  }

  /** The next event of this type that was not returned yet; what comes before it is skipped. */
  JsonNode event(String type) throws Exception {
    while (true) {
      while (!unread.isEmpty()) {
        JsonNode event = unread.removeFirst();
        if (event.path("type").asText().equals(type)) {
          return event;
        }
      }
      next();
    }
  }

  /** The next event that was not returned yet. */
  JsonNode event() throws Exception {
    while (unread.isEmpty()) {
      next();
    }
    return unread.removeFirst();
  }

  private JsonNode next() throws Exception {
    JsonNode message = incoming.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing came for " + WAIT_SECONDS + " s after " + lastFew());
    }
    if (message.has("seq")) {
      events.add(message);
      unread.addLast(message);
    }
    return message;
  }

  private String lastFew() {
    return shortened(events) + " and " + shortened(replies);
  }

  private static List<String> shortened(List<JsonNode> messages) {
    return messages.subList(Math.max(0, messages.size() - 8), messages.size()).stream()
        .map(JsonNode::toString)
        .map(text -> text.substring(0, Math.min(text.length(), 150)))
        .toList();
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
