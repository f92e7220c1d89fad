package dev.kantele.cluster.cli;

import com.typesafe.config.Config;
import dev.kantele.cluster.node.NodeConfig;
import dev.kantele.cluster.node.NodeOption;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.http.HttpBindException;
import dev.kantele.runtime.http.WebSocketPort;
import dev.kantele.runtime.transport.ListenOptions;
import dev.kantele.runtime.transport.Listener;
import dev.kantele.runtime.transport.NativeTcp;
import dev.kantele.runtime.transport.PortableTcp;
import dev.kantele.runtime.transport.Transport;
import dev.kantele.runtime.transport.TransportChoice;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.stage.StageSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A WebSocket server that sends back what it gets, of the transport and the stage alone. */
@Command(
    name = "ws-echo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Echoes WebSocket messages under any path, until the process is told to end.")
final class WsEchoCommand implements Callable<Integer> {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final int MESSAGE_BYTES = 64 << 20;
  private static final ListenOptions OPTIONS =
      new ListenOptions(
          /* backlog= */ 4_096,
          /* maxConnections= */ 1_000_000,
          /* halfClose= */ false,
          /* sendBufferBytes= */ 0,
          Duration.ofMinutes(1));

  private final CliContext context;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Listen on this port of 127.0.0.1; default any that is free.")
  private int port;

  @Option(
      names = "--transport",
      paramLabel = "auto|native|portable",
      description = "What carries the port; default auto. KANTELE_TRANSPORT, kantele.transport.")
  private @Nullable TransportChoice transport;

  @Option(names = "--deflate", description = "Compress messages where the client can.")
  private boolean deflate;

  WsEchoCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    var options = new EnumMap<NodeOption, String>(NodeOption.class);
    if (transport != null) {
      options.put(NodeOption.TRANSPORT, transport.toString());
    }
    Config config =
        KanteleSettings.from(NodeConfig.load(options, Optional.empty(), context.environment()))
            .config();
    TransportChoice choice = TransportChoice.from(config.getConfig("kantele"));
    var end = new CountDownLatch(1);
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "bench", config);
    try (var _ = new EndOfProcess(end::countDown, STOP_LIMIT, OptionalInt.of(ExitCode.OK))) {
      Listener listener = listen(transport(choice, system), system);
      context
          .screen()
          .line("Echoing on ws:/%s (%s)".formatted(listener.address(), choice.reason()));
      end.await();
      return ExitCode.OK;
    } finally {
      system.terminate();
    }
  }

  private static Transport transport(TransportChoice choice, ActorSystem<?> system) {
    return switch (choice.here()) {
      case NATIVE -> NativeTcp.of(system);
      case PORTABLE, AUTO -> new PortableTcp(Adapter.toClassic(system));
    };
  }

  private Listener listen(Transport by, ActorSystem<?> system) {
    var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    try {
      return WebSocketPort.open(
              by,
              address,
              OPTIONS,
              StageSettings.of(MESSAGE_BYTES),
              deflate ? Optional.of(DeflateSettings.DEFAULT) : Optional.empty(),
              Flow::create,
              Materializer.matFromSystem(system))
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw HttpBindException.of(address.getAddress().getHostAddress(), port, e);
    }
  }
}
