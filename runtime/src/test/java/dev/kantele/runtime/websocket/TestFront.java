package dev.kantele.runtime.websocket;

import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.AckBody.AgentSummary;
import dev.kantele.protocol.AckBody.ModelSummary;
import dev.kantele.runtime.http.HttpServer;
import dev.kantele.runtime.http.HttpSettings;
import dev.kantele.runtime.security.Authenticator;
import dev.kantele.runtime.security.SecuritySettings;
import dev.kantele.runtime.service.NodeServices;
import dev.kantele.runtime.transport.Transport;
import dev.kantele.runtime.transport.TransportChoice;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A server on a free port of this machine, in front of {@link FakeSessions}. Its sockets hold
 * little, so that a slow peer shows soon.
 */
public final class TestFront implements AutoCloseable {
  private final HttpServer server;
  private final FakeSessions sessions;
  private final AtomicBoolean ready;

  private TestFront(HttpServer server, FakeSessions sessions, AtomicBoolean ready) {
    this.server = server;
    this.sessions = sessions;
    this.ready = ready;
  }

  /** An actor system for a test class. */
  public static ActorSystem<Void> system() {
    return ActorSystem.create(
        Behaviors.empty(),
        "front",
        ConfigFactory.parseString("pekko.loglevel = WARNING").withFallback(ConfigFactory.load()));
  }

  /** A server with changed settings, as in {@code websocket.heartbeat = 1s}. */
  public static TestFront start(ActorSystem<?> system, String changes) {
    return start(system, changes, Authenticator.loopback());
  }

  /** A server with changed settings on a transport; empty: pekko-http's own server. */
  public static TestFront start(
      ActorSystem<?> system, String changes, Optional<Transport> transport) {
    return start(system, changes, Authenticator.loopback(), transport);
  }

  /** A server with changed settings and another authenticator. */
  public static TestFront start(
      ActorSystem<?> system, String changes, Authenticator authenticator) {
    return start(system, changes, authenticator, transport(system));
  }

  private static TestFront start(
      ActorSystem<?> system,
      String changes,
      Authenticator authenticator,
      Optional<Transport> transport) {
    var config = TestSettings.kantele("http { port = 0, send-buffer-bytes = 65536 }, " + changes);
    var sessions = new FakeSessions();
    var ready = new AtomicBoolean(true);
    var node =
        new NodeServices(
            sessions,
            authenticator,
            () -> List.of(new AgentSummary("assistant", "scripted/demo", List.of("clock"))),
            () -> List.of(new ModelSummary("scripted/demo")),
            SecuritySettings.from(config).quotas(),
            64);
    HttpServer server =
        get(
            HttpServer.start(
                system,
                node,
                transport,
                HttpSettings.from(config),
                WebSocketSettings.from(config),
                ready::get,
                Clock.systemUTC()));
    return new TestFront(server, sessions, ready);
  }

  /** The transport that the system property {@code kantele.test.transport} names. */
  public static Optional<Transport> transport(ActorSystem<?> system) {
    return TransportChoice.valueOf(
            System.getProperty("kantele.test.transport", "auto").toUpperCase(Locale.ROOT))
        .open(system);
  }

  /** Waits for a stage, ten seconds at the most. */
  public static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** The sessions behind it. */
  public FakeSessions sessions() {
    return sessions;
  }

  /** Closes the WebSockets, and waits until they are gone. */
  public void drain() {
    get(server.drain());
  }

  /** Says whether the node is ready. */
  public void ready(boolean value) {
    ready.set(value);
  }

  @Override
  public void close() {
    get(server.close());
  }
}
