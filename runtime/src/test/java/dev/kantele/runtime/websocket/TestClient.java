package dev.kantele.runtime.websocket;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A well-behaved client, on the JDK's WebSocket. Whatever it waits for, it waits five seconds. */
public final class TestClient implements WebSocket.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BlockingQueue<JsonNode> replies = new LinkedBlockingQueue<>();
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<JsonNode> all = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private @Nullable WebSocket socket;

  private TestClient() {}

  /** Connects, without hello. */
  public static TestClient connect(HttpClient http, InetSocketAddress server) throws Exception {
    var client = new TestClient();
    client.socket =
        http.newWebSocketBuilder()
            .subprotocols(WebSockets.SUBPROTOCOL)
            .buildAsync(uri(server), client)
            .get(5, TimeUnit.SECONDS);
    return client;
  }

  /** Connects and says hello as {@code name}. */
  public static TestClient greeted(HttpClient http, InetSocketAddress server, String name)
      throws Exception {
    TestClient client = connect(http, server);
    JsonNode welcome = client.ask("hello", "\"versions\":[1],\"client\":\"" + name + "\"");
    if (!welcome.path("type").asText().equals("welcome")) {
      throw new AssertionError(welcome.toString());
    }
    return client;
  }

  private static URI uri(InetSocketAddress server) {
    return URI.create("ws://127.0.0.1:" + server.getPort() + "/v1/ws");
  }

  /** The subprotocol that the server chose. */
  public String subprotocol() {
    return requireNonNull(socket).getSubprotocol();
  }

  /** Sends any text. */
  public void send(String message) throws Exception {
    requireNonNull(socket).sendText(message, /* last= */ true).get(5, TimeUnit.SECONDS);
  }

  /** Sends a command without waiting; its id is its type. */
  public void tell(String type, String fields) throws Exception {
    send(
        "{\"type\":\"%s\",\"id\":\"%s\"%s%s}"
            .formatted(type, type, fields.isEmpty() ? "" : ",", fields));
  }

  /** Sends a command and returns the next reply. */
  public JsonNode ask(String type, String fields) throws Exception {
    tell(type, fields);
    return reply();
  }

  /** The next reply. */
  public JsonNode reply() throws Exception {
    return take(replies);
  }

  /** The next event. */
  public JsonNode event() throws Exception {
    return take(events);
  }

  /** The next message, reply or event. */
  public JsonNode message() throws Exception {
    return take(all);
  }

  /** How many events came that no test took. */
  public int eventsWaiting() {
    return events.size();
  }

  /** Closes, and waits for the answer. */
  public void leave() throws Exception {
    requireNonNull(socket).sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
    closeCode();
  }

  /** The code with which the server closed. */
  public int closeCode() throws Exception {
    return closeCode.get(5, TimeUnit.SECONDS);
  }

  /** Whether the server has closed. */
  public boolean isClosed() {
    return closeCode.isDone();
  }

  private static JsonNode take(BlockingQueue<JsonNode> queue) throws InterruptedException {
    JsonNode next = queue.poll(5, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no message came within 5 s");
    }
    return next;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      JsonNode message = parse(text.toString());
      text.setLength(0);
      (message.has("seq") ? events : replies).add(message);
      all.add(message);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closeCode.completeExceptionally(error);
  }

  @Override
  public void close() {
    requireNonNull(socket).abort();
  }

  private static JsonNode parse(String message) {
    try {
      return JSON.readTree(message);
    } catch (JsonProcessingException e) {
      throw new AssertionError(message, e);
    }
  }
}
