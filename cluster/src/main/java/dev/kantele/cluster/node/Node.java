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
import dev.kantele.runtime.transport.TransportChoice;
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
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that serves on a port. Thread-safe. */
public final class Node implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);
  private static final Duration HTTP_CLOSE_LIMIT = Duration.ofSeconds(15);

  private final Kantele kantele;
  private final HttpServer http;
  private final JournalSettings journal;
  private final AtomicBoolean ready;
  private final boolean encrypted;
  private final Duration grace;

  private Node(
      Kantele kantele,
      HttpServer http,
      JournalSettings journal,
      AtomicBoolean ready,
      boolean encrypted,
      Duration grace) {
    this.kantele = kantele;
    this.http = http;
    this.journal = journal;
    this.ready = ready;
    this.encrypted = encrypted;
    this.grace = grace;
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
    TransportChoice transport = TransportChoice.from(block);
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
                  transport.open(kantele.system()),
                  http,
                  webSocket,
                  ready::get,
                  kantele.clock()));
      return new Node(
          kantele,
          server,
          JournalSettings.of(settings.config()),
          ready,
          http.tls().isPresent(),
          Kantele.drainGrace(block));
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

  /**
   * Sends clients elsewhere and lets no turn begin, then waits until none runs, for {@code
   * kantele.drain.grace} at the most. Requests on connections that are open are answered meanwhile.
   *
   * @param waiting told how many turns run, if any, before they are waited for
   * @return how many turns still run; they are left to the next node on this data
   */
  public int drain(IntConsumer waiting) {
    ready.set(false);
    http.drain()
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                log.warn("The port did not close.", failure);
              }
            });
    CompletionStage<Integer> ended = kantele.drain();
    int running = kantele.runningTurns();
    if (running > 0 && grace.isPositive()) {
      waiting.accept(running);
    }
    try {
      return ended
          .toCompletableFuture()
          .get(grace.plus(DRAIN_LIMIT).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("The end of running turns could not be awaited.", e);
    }
    return kantele.runningTurns();
  }

  /** How long {@link #drain} waits for running turns. */
  public Duration grace() {
    return grace;
  }

  /**
   * Sends clients elsewhere, then stops at once. Turns that run are left to the next node on this
   * data.
   */
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
