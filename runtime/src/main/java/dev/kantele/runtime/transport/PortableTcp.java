package dev.kantele.runtime.transport;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TCP by Pekko's own sockets, which run wherever Java does. */
public final class PortableTcp implements Transport {
  private static final Logger log = LoggerFactory.getLogger(PortableTcp.class);

  private final ActorSystem system;

  public PortableTcp(ActorSystem system) {
    this.system = requireNonNull(system, "system");
  }

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public CompletionStage<Listener> listen(
      SocketAddress address, ListenOptions options, Acceptor acceptor) {
    InetSocketAddress at = internet(address);
    return Tcp.get(system)
        .bind(
            at.getHostString(),
            at.getPort(),
            options.backlog(),
            socketOptions(options.sendBufferBytes()),
            options.halfClose(),
            Optional.empty())
        .mapAsyncUnordered(
            options.maxConnections(), connection -> accept(acceptor, taken(connection)))
        .to(Sink.ignore())
        .run(Materializer.matFromSystem(system))
        .thenApply(PortableTcp::listener);
  }

  private static CompletionStage<Done> accept(Acceptor acceptor, Connection connection) {
    try {
      return acceptor.accept(connection).handle((_, _) -> Done.getInstance());
    } catch (RuntimeException e) {
      log.error("A connection from {} could not be run.", connection.remote(), e);
      return CompletableFuture.completedStage(Done.getInstance());
    }
  }

  private static Connection taken(Tcp.IncomingConnection connection) {
    return new Connection(
        connection.localAddress(),
        connection.remoteAddress(),
        connection.flow(),
        Attributes.none(),
        /* handsOver= */ false);
  }

  private static Listener listener(Tcp.ServerBinding binding) {
    return new Listener() {
      @Override
      public SocketAddress address() {
        return binding.localAddress();
      }

      @Override
      public CompletionStage<Done> unbind() {
        return binding.unbind().thenApply(_ -> Done.getInstance());
      }
    };
  }

  @Override
  public Flow<ByteString, ByteString, CompletionStage<SocketAddress>> connect(
      SocketAddress remote, ConnectOptions options) {
    return Tcp.get(system)
        .outgoingConnection(
            internet(remote),
            Optional.empty(),
            socketOptions(options.sendBufferBytes()),
            options.halfClose(),
            Optional.of(options.connectTimeout()),
            Optional.empty())
        .mapMaterializedValue(
            connected -> connected.thenApply(Tcp.OutgoingConnection::localAddress));
  }

  @Override
  public Attributes home() {
    return Attributes.none();
  }

  private static List<Inet.SocketOption> socketOptions(int sendBufferBytes) {
    var options = new ArrayList<Inet.SocketOption>();
    options.add(TcpSO.tcpNoDelay(true));
    if (sendBufferBytes > 0) {
      options.add(TcpSO.sendBufferSize(sendBufferBytes));
    }
    return options;
  }

  private static InetSocketAddress internet(SocketAddress address) {
    if (address instanceof InetSocketAddress internet) {
      return internet;
    }
    throw new IllegalArgumentException(
        "address: " + address + " (expected: an internet address, which is all that is portable)");
  }
}
