package dev.kantele.cluster.node;

import com.typesafe.config.Config;
import dev.kantele.protocol.AckBody.AgentSummary;
import dev.kantele.protocol.AckBody.ModelSummary;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.http.HttpServer;
import dev.kantele.runtime.http.HttpSettings;
import dev.kantele.runtime.journal.JournalSettings;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.security.Quotas;
import dev.kantele.runtime.security.SecuritySettings;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.websocket.WebSocketSettings;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that serves on a port. Thread-safe. */
public final class Node implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final Duration HTTP_CLOSE_LIMIT = Duration.ofSeconds(15);

  private final Kantele kantele;
  private final HttpServer http;
  private final JournalSettings journal;
  private final AtomicBoolean ready;
  private final boolean encrypted;

  private Node(
      Kantele kantele,
      HttpServer http,
      JournalSettings journal,
      AtomicBoolean ready,
      boolean encrypted) {
    this.kantele = kantele;
    this.http = http;
    this.journal = journal;
    this.ready = ready;
    this.encrypted = encrypted;
  }

  /**
   * Starts a node, and returns when it takes connections.
   *
   * @throws RuntimeException as {@link Kantele#start}, and {@link
   *     dev.kantele.runtime.http.HttpBindException} if it can't listen
   */
  public static Node start(Config config) {
    KanteleSettings settings = KanteleSettings.from(config);
    Config block = settings.config().getConfig("kantele");
    HttpSettings http = HttpSettings.from(block);
    WebSocketSettings webSocket = WebSocketSettings.from(block);
    SecuritySettings security = SecuritySettings.from(block);
    Authenticator authenticator =
        security
            .authenticator(Clock.systemUTC())
            .orElseGet(http.insecure() ? Authenticator::everybody : Authenticator::loopback);
    Kantele kantele = Kantele.start(settings);
    try {
      var ready = new AtomicBoolean(true);
      HttpServer server =
          join(
              HttpServer.start(
                  kantele.system(),
                  services(kantele, authenticator, security.quotas()),
                  http,
                  webSocket,
                  ready::get,
                  kantele.clock()));
      return new Node(
          kantele, server, JournalSettings.of(settings.config()), ready, http.tls().isPresent());
    } catch (RuntimeException e) {
      kantele.close();
      throw e;
    }
  }

  private static NodeServices services(
      Kantele kantele, Authenticator authenticator, Quotas quotas) {
    return new NodeServices(
        kantele.sessions(),
        authenticator,
        () -> kantele.agents().list().stream().map(Node::summary).toList(),
        () -> kantele.models().stream().map(ModelSummary::new).toList(),
        quotas,
        kantele.agents().defaultAgent().limits().queuedTurns());
  }

  private static AgentSummary summary(AgentSettings agent) {
    return new AgentSummary(agent.name(), agent.model(), agent.tools());
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Where it listens, as in {@code http://127.0.0.1:8080}. */
  public String url() {
    InetSocketAddress address = http.address();
    String host = address.getHostString();
    return "%s://%s:%d"
        .formatted(
            encrypted ? "https" : "http",
            host.contains(":") ? "[" + host + "]" : host,
            address.getPort());
  }

  /** Where sessions are kept, in words. */
  public String data() {
    return switch (journal.kind()) {
      case MEMORY -> "in memory, gone with this process";
      case SQLITE -> journal.data().toAbsolutePath().normalize().toString();
    };
  }

  /** Runs {@code action} when the node has stopped, whatever stopped it. */
  public void whenStopped(Runnable action) {
    kantele.system().getWhenTerminated().whenComplete((_, _) -> action.run());
  }

  /** Sends clients elsewhere, then stops. Turns that run are left to the next node on this data. */
  @Override
  public void close() {
    ready.set(false);
    try {
      http.close().toCompletableFuture().get(HTTP_CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("The port did not close within {}.", HTTP_CLOSE_LIMIT, e);
    } finally {
      kantele.close();
    }
  }
}
