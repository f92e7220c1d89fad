package dev.kantele.protocol.client;

import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Connects to one node with the JDK's WebSocket. */
final class JdkDialer implements Link.Dialer {
  private static final String SUBPROTOCOL = "kantele.v1.json";

  private final HttpClient http;
  private final NodeAddress node;
  private final Duration limit;

  JdkDialer(NodeAddress node, Duration limit) {
    this.http = HttpClient.newBuilder().connectTimeout(limit).build();
    this.node = node;
    this.limit = limit;
  }

  @Override
  public CompletableFuture<Link> dial(Link.Listener listener) {
    return http.newWebSocketBuilder()
        .connectTimeout(limit)
        .subprotocols(SUBPROTOCOL)
        .buildAsync(node.webSocket(), new MessageListener(listener))
        .<Link>thenApply(socket -> new JdkLink(socket, listener))
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(new Link.FailedDial(end(failure))));
  }

  private ConnectionEnd end(@Nullable Throwable failure) {
    return switch (failure) {
      case CompletionException wrapper -> end(wrapper.getCause());
      case WebSocketHandshakeException refused when refused.getResponse() != null ->
          refusedUpgrade(refused.getResponse().statusCode());
      case HttpTimeoutException _ ->
          ConnectionEnd.passing("nobody answered within " + limit.toMillis() + " ms");
      case UnknownHostException _ -> unknownHost();
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          unknownHost();
      case SSLException _ -> ConnectionEnd.lasting(Reason.BROKEN, "TLS failed");
      case null, default -> ConnectionEnd.passing("nobody answered");
    };
  }

  /** A name may be unknown for a while, as when the machine lost its network. */
  private ConnectionEnd unknownHost() {
    return ConnectionEnd.passing("host " + node.uri().getHost() + " is unknown");
  }

  /** A node that is starting or stopping, or what stands before it, says 5xx, a busy one 429. */
  private static ConnectionEnd refusedUpgrade(int status) {
    return switch (status) {
      case 429, 502, 503, 504 -> ConnectionEnd.passing("the node is not ready");
      default ->
          ConnectionEnd.lasting(
              Reason.BROKEN, "it answers, but not as a Kantele node (HTTP " + status + ")");
    };
  }

  @Override
  public void close() {
    http.shutdown();
  }
}
