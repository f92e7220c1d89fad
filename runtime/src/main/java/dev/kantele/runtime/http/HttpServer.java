package dev.kantele.runtime.http;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.websocket.WebSocketSettings;
import dev.kantele.runtime.websocket.WebSockets;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * A node's HTTP port: WebSockets under {@code /v1/ws}, the same protocol over plain requests, and
 * the node's health. Any thread may call; nothing blocks.
 */
public final class HttpServer {
  /** Connections that wait to be accepted: after a node's restart all clients come at once. */
  private static final int BACKLOG = 1_024;

  /** Requests of one connection that are answered at a time: pekko-http reads no further ones. */
  private static final int PIPELINED_REQUESTS = 1;

  private final ServerBinding binding;
  private final WebSockets webSockets;
  private final EventsEndpoint events;
  private final Duration shutdownTimeout;

  private HttpServer(
      ServerBinding binding,
      WebSockets webSockets,
      EventsEndpoint events,
      Duration shutdownTimeout) {
    this.binding = binding;
    this.webSockets = webSockets;
    this.events = events;
    this.shutdownTimeout = shutdownTimeout;
  }

  /**
   * Listens. The stage fails with {@link HttpBindException} if that can't be.
   *
   * @param ready whether the node takes work; asked at every request for {@code /health/ready}
   * @param clock what rate limits and events go by
   * @throws dev.kantele.runtime.settings.SettingsException if the files for TLS can't be used
   */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system,
      NodeServices node,
      HttpSettings http,
      WebSocketSettings webSocket,
      BooleanSupplier ready,
      Clock clock) {
    requireNonNull(ready, "ready");
    WebSockets webSockets = WebSockets.of(node, webSocket, clock);
    var origins = new OriginPolicy(http.host(), http.allowedOrigins());
    WireCodec codec = webSockets.codec();
    Materializer materializer = Materializer.matFromSystem(system);
    var events =
        new EventsEndpoint(node.sessions(), node.quotas(), codec, clock, webSocket.heartbeat());
    var commands =
        new CommandEndpoint(node.sessions(), codec, webSocket.maxMessageBytes(), materializer);
    var routes =
        new Routes(
            new WebSocketUpgrades(webSockets, origins),
            new Api(node, codec, commands, events, clock, materializer),
            new CrossOrigin(origins, codec),
            ready,
            codec,
            materializer);
    ServerBuilder server =
        Http.get(system)
            .newServerAt(http.host(), http.port())
            .withSettings(serverSettings(system.settings().config(), http, webSocket));
    return http.tls()
        .map(TlsFiles::context)
        .map(ConnectionContext::httpsServer)
        .map(server::enableHttps)
        .orElse(server)
        .bindFlow(
            BidiFlow.fromGraph(new NextRequestLimit(http.idleTimeout()))
                .join(Flow.<HttpRequest>create().mapAsync(PIPELINED_REQUESTS, routes::respond)))
        .thenApply(binding -> new HttpServer(binding, webSockets, events, http.shutdownTimeout()))
        .exceptionallyCompose(
            cause ->
                CompletableFuture.failedStage(
                    HttpBindException.of(http.host(), http.port(), unwrapped(cause))));
  }

  /** Where it listens; the port is the one that was found if the settings leave it open. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /**
   * Takes no more connections, ends all event streams and closes all WebSockets with 1001.
   * Completes when they are gone: their clients have reconnected elsewhere, or did not close in
   * time. Requests are still answered on connections that are open.
   */
  public CompletionStage<Done> drain() {
    events.drain();
    return binding.unbind().thenCompose(_ -> webSockets.drain());
  }

  /** Drains, then lets requests that are being answered end, and drops what is left. */
  public CompletionStage<Done> close() {
    return drain()
        .thenCompose(_ -> binding.terminate(shutdownTimeout))
        .thenApply(_ -> Done.getInstance());
  }

  /**
   * pekko-http's own settings. Its idle time limit also watches WebSockets, whose silence is judged
   * by heartbeats; so it is longer than these allow, and what it is left with is a closed
   * connection whose last bytes the peer never reads. For such a one it must come before the linger
   * time limit, which would forget the connection without closing it.
   */
  private static ServerSettings serverSettings(
      Config config, HttpSettings http, WebSocketSettings webSocket) {
    Duration watched = webSocket.heartbeat().multipliedBy(4);
    Duration idle = http.idleTimeout().compareTo(watched) < 0 ? watched : http.idleTimeout();
    Config changes =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.http.server.server-header",
                "kantele",
                "pekko.http.server.idle-timeout",
                idle.toMillis() + "ms",
                "pekko.http.server.linger-timeout",
                2 * idle.toMillis() + "ms",
                "pekko.http.server.parsing.max-content-length",
                webSocket.maxMessageBytes(),
                "pekko.http.server.parsing.error-handler",
                IllegalRequests.class.getName(),
                // They show the header, be it a token with a stray character.
                "pekko.http.server.parsing.illegal-header-warnings",
                "off",
                "pekko.http.server.parsing.error-logging-verbosity",
                "off"));
    return ServerSettings.create(changes.withFallback(config))
        .withRemoteAddressAttribute(true)
        .withMaxConnections(http.maxConnections())
        .withBacklog(BACKLOG);
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
