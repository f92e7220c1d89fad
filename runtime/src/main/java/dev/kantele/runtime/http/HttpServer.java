package dev.kantele.runtime.http;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.poller.dispatcher.PollerLoops;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.transport.Transport;
import dev.kantele.runtime.websocket.WebSocketSettings;
import dev.kantele.runtime.websocket.WebSockets;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * A node's HTTP port: WebSockets under {@code /v1/ws}, the same protocol over plain requests, and
 * the node's health. Any thread may call; nothing blocks.
 */
public final class HttpServer {
  /** Requests of one connection that are answered at a time: pekko-http reads no further ones. */
  private static final int PIPELINED_REQUESTS = 1;

  private final Port port;
  private final WebSockets webSockets;
  private final EventsEndpoint events;
  private final Duration shutdownTimeout;

  private HttpServer(
      Port port, WebSockets webSockets, EventsEndpoint events, Duration shutdownTimeout) {
    this.port = port;
    this.webSockets = webSockets;
    this.events = events;
    this.shutdownTimeout = shutdownTimeout;
  }

  /**
   * Listens. The stage fails with {@link HttpBindException} if that can't be.
   *
   * @param transport what carries the connections; empty: pekko-http's own server
   * @param ready whether the node takes work; asked at every request for {@code /health/ready}
   * @param clock what rate limits and events go by
   * @throws dev.kantele.runtime.settings.SettingsException if the files for TLS can't be used
   */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system,
      NodeServices node,
      Optional<Transport> transport,
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
    var upgrades = new WebSocketUpgrades(webSockets, origins);
    var routes =
        new Routes(
            upgrades,
            new Api(
                node,
                codec,
                commands,
                events,
                PollerLoops.of(system),
                system.executionContext(),
                clock,
                materializer),
            new CrossOrigin(origins, codec),
            ready,
            codec,
            materializer);
    ServerSettings settings = serverSettings(system.settings().config(), http, webSocket);
    Optional<TlsContext> tls = http.tls().map(files -> new TlsContext(files, clock));
    Flow<HttpRequest, HttpResponse, NotUsed> answers =
        BidiFlow.fromGraph(new NextRequestLimit(http.idleTimeout()))
            .join(Flow.<HttpRequest>create().mapAsync(PIPELINED_REQUESTS, routes::respond));
    CompletionStage<Port> opened =
        transport
            .map(
                by ->
                    OnePort.open(
                        by,
                        http,
                        tls,
                        upgrades,
                        new HttpLayer(
                            Adapter.toClassic(system), settings, tls.isPresent(), answers),
                        materializer))
            .orElseGet(() -> pekkoPort(system, http, tls, settings, answers));
    return opened
        .thenApply(port -> new HttpServer(port, webSockets, events, http.shutdownTimeout()))
        .exceptionallyCompose(
            cause ->
                CompletableFuture.failedStage(
                    HttpBindException.of(http.host(), http.port(), unwrapped(cause))));
  }

  private static CompletionStage<Port> pekkoPort(
      ActorSystem<?> system,
      HttpSettings http,
      Optional<TlsContext> tls,
      ServerSettings settings,
      Flow<HttpRequest, HttpResponse, NotUsed> answers) {
    ServerBuilder server =
        Http.get(system).newServerAt(http.host(), http.port()).withSettings(settings);
    return tls.map(context -> server.enableHttps(ConnectionContext.httpsServer(context::engine)))
        .orElse(server)
        .bindFlow(answers)
        .thenApply(PekkoPort::new);
  }

  /** Where it listens; the port is the one that was found if the settings leave it open. */
  public InetSocketAddress address() {
    return port.address();
  }

  /**
   * Takes no more connections, ends all event streams and closes all WebSockets with 1001.
   * Completes when they are gone: their clients have reconnected elsewhere, or did not close in
   * time. Requests are still answered on connections that are open.
   */
  public CompletionStage<Done> drain() {
    events.drain();
    return port.unbind().thenCompose(_ -> webSockets.drain());
  }

  /** Drains, then lets requests that are being answered end, and drops what is left. */
  public CompletionStage<Done> close() {
    return drain().thenCompose(_ -> port.terminate(shutdownTimeout));
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
    var changes = new HashMap<String, Object>();
    changes.put("server-header", "kantele");
    changes.put("idle-timeout", idle.toMillis() + "ms");
    changes.put("linger-timeout", 2 * idle.toMillis() + "ms");
    changes.put("socket-options.tcp-no-delay", "true");
    changes.put("parsing.max-content-length", webSocket.maxMessageBytes());
    changes.put("parsing.error-handler", IllegalRequests.class.getName());
    // They show the header, be it a token with a stray character.
    changes.put("parsing.illegal-header-warnings", "off");
    changes.put("parsing.error-logging-verbosity", "off");
    if (http.sendBufferBytes() > 0) {
      changes.put("socket-options.so-send-buffer-size", http.sendBufferBytes());
    }
    Config changed = ConfigFactory.parseMap(changes).atPath("pekko.http.server");
    return ServerSettings.create(changed.withFallback(config))
        .withRemoteAddressAttribute(true)
        .withMaxConnections(http.maxConnections())
        .withBacklog(http.backlog());
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
