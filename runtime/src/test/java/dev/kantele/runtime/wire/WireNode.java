package dev.kantele.runtime.wire;

import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.AckBody.AgentSummary;
import dev.kantele.protocol.AckBody.ModelSummary;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.http.HttpServer;
import dev.kantele.runtime.http.HttpSettings;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.security.SecuritySettings;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.websocket.TestFront;
import dev.kantele.runtime.websocket.WebSocketSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A node with a port, whose clients' tokens are their names: {@code bad} is refused, {@code broken}
 * breaks the authenticator.
 */
final class WireNode implements AutoCloseable {
  final Kantele kantele;
  private final HttpServer server;

  WireNode(String hocon, KanteleParts parts) throws Exception {
    this(hocon, parts, _ -> WireNode::authenticate);
  }

  /** A node that knows its clients as its settings say. */
  static WireNode secured(String hocon) throws Exception {
    return new WireNode(
        hocon,
        KanteleParts.none(),
        security -> security.authenticator(Clock.systemUTC()).orElseThrow());
  }

  private WireNode(
      String hocon, KanteleParts parts, Function<SecuritySettings, Authenticator> authenticator)
      throws Exception {
    var config =
        ConfigFactory.parseString("kantele.http.port = 0")
            .withFallback(ConfigFactory.parseString(hocon));
    KanteleSettings settings = KanteleSettings.from(config).inMemory();
    kantele = Kantele.start(settings, parts);
    var security = SecuritySettings.from(settings.config().getConfig("kantele"));
    var services =
        new NodeServices(
            kantele.sessions(),
            authenticator.apply(security),
            () ->
                kantele.agents().list().stream()
                    .map(agent -> new AgentSummary(agent.name(), agent.model(), agent.tools()))
                    .toList(),
            () -> kantele.models().stream().map(ModelSummary::new).toList(),
            security.quotas(),
            64);
    var all = settings.config().getConfig("kantele");
    server =
        HttpServer.start(
                kantele.system(),
                services,
                TestFront.transport(kantele.system()),
                HttpSettings.from(all),
                WebSocketSettings.from(all),
                () -> true,
                kantele.clock())
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  private static CompletionStage<Authentication> authenticate(
      Optional<Secret> token, InetAddress remote) {
    String name = token.map(Secret::reveal).orElse("nobody");
    return switch (name) {
      case "bad" ->
          CompletableFuture.completedFuture(new Authentication.Refused("the token is not valid"));
      case "broken" -> CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
      default -> CompletableFuture.completedFuture(new Authentication.Authenticated(name));
    };
  }

  InetSocketAddress address() {
    return server.address();
  }

  WireClient connect() throws Exception {
    return new WireClient(server.address());
  }

  /** The address of {@code path}. */
  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  /** Sends clients elsewhere. */
  void drain() {
    server.drain().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    server.close().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    kantele.close();
  }
}
