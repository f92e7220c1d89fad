package dev.kantele.cluster.client;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Reply;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes connections to one node: handshake and {@code hello}. */
final class Connector implements AutoCloseable {
  private static final String SUBPROTOCOL = "kantele.v1.json";
  private static final int VERSION = 1;
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
  private final NodeUrl url;
  private final ClientId client;

  Connector(NodeUrl url, ClientId client) {
    this.url = url;
    this.client = client;
  }

  /**
   * Connects and greets.
   *
   * @throws ConnectionException if there is nobody, which may pass
   * @throws AccessException if there is somebody, but not one to talk to
   */
  Connection connect(CommandId id) throws ConnectionException {
    var connection = new Connection();
    connection.begin(open(connection));
    var hello = new Command.Hello(id, List.of(VERSION), client, Optional.empty());
    switch (connection.call(hello, HELLO_LIMIT)) {
      case Reply.Welcome welcome when welcome.version() == VERSION -> {
        connection.greeted(welcome);
        return connection;
      }
      case Reply.Nack nack -> {
        connection.close();
        throw AccessException.refused(nack.error());
      }
      case Reply.Welcome _, Reply.Ack _, Reply.Pong _ -> {
        connection.close();
        throw AccessException.broken(url + " speaks another version of the protocol");
      }
    }
  }

  private WebSocket open(Connection connection) throws ConnectionException {
    try {
      return http.newWebSocketBuilder()
          .connectTimeout(CONNECT_LIMIT)
          .subprotocols(SUBPROTOCOL)
          .buildAsync(url.webSocket(), connection.listener())
          .get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw ConnectionException.lasting("this process is ending");
    }
  }

  private ConnectionException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case WebSocketHandshakeException refused when refused.getResponse() != null ->
          refusedUpgrade(refused.getResponse().statusCode());
      case HttpTimeoutException _ ->
          ConnectionException.passing("nobody answered within " + CONNECT_LIMIT.toSeconds() + " s");
      case UnknownHostException _ -> unknownHost();
      case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
          unknownHost();
      case SSLException _ -> throw AccessException.broken(url + " can't be trusted: TLS failed");
      case null, default -> ConnectionException.passing("nobody answered");
    };
  }

  private ConnectionException unknownHost() {
    throw AccessException.unreachable("host " + url.uri().getHost() + " is unknown");
  }

  /** A node that is starting or stopping says 503. */
  private ConnectionException refusedUpgrade(int status) {
    if (status == 503) {
      return ConnectionException.passing("the node is not ready");
    }
    throw AccessException.broken(
        "%s answers, but not as a Kantele node (HTTP %d)".formatted(url, status));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
