package dev.kantele.runtime.http;

import dev.kantele.runtime.transport.Connection;
import dev.kantele.runtime.transport.Listener;
import dev.kantele.runtime.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * A port on a {@link Transport}. What a connection is shows in the head of its first request: a
 * WebSocket has the connection to itself from then on; everything else is pekko-http's.
 */
final class OnePort implements Port {
  private final Listener listener;
  private final OpenConnections open;

  private OnePort(Listener listener, OpenConnections open) {
    this.listener = listener;
    this.open = open;
  }

  /** Listens; the stage fails as {@link Transport#listen} says. */
  static CompletionStage<Port> open(
      Transport transport,
      HttpSettings settings,
      Optional<TlsContext> tls,
      WebSocketUpgrades webSockets,
      HttpLayer http,
      Materializer materializer) {
    var open = new OpenConnections();
    return transport
        .listen(
            new InetSocketAddress(settings.host(), settings.port()),
            settings.listenOptions(),
            connection -> {
              var begin = new Begin(connection, webSockets, http, open);
              Flow<ByteString, ByteString, NotUsed> plain =
                  Flow.fromGraph(
                      new FirstRequest(
                          settings.headTimeout(),
                          settings.maxHeadBytes(),
                          tls.isEmpty() && connection.handsOver(),
                          begin));
              connection.run(tls.map(by -> by.decrypted(plain)).orElse(plain), materializer);
              return begin.over;
            })
        .thenApply(listener -> new OnePort(listener, open));
  }

  @Override
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.address();
  }

  @Override
  public CompletionStage<Done> unbind() {
    return listener.unbind();
  }

  @Override
  public CompletionStage<Done> terminate(Duration limit) {
    return open.terminate(limit);
  }

  /** A connection from its begin to the point where it is known what it is, and beyond. */
  private static final class Begin implements FirstRequest.Fork, OpenConnections.Open {
    private final InetAddress remote;
    private final WebSocketUpgrades webSockets;
    private final HttpLayer http;
    private final OpenConnections open;

    /** Completes when the connection has become a WebSocket, or ended. */
    private final CompletableFuture<Done> over = new CompletableFuture<>();

    /** How to end it; completes when that is known, and again when it has become HTTP. */
    private volatile OpenConnections.Open end = _ -> {};

    Begin(
        Connection connection, WebSocketUpgrades webSockets, HttpLayer http, OpenConnections open) {
      this.remote = ((InetSocketAddress) connection.remote()).getAddress();
      this.webSockets = webSockets;
      this.http = http;
      this.open = open;
    }

    @Override
    public void begun(Runnable drop) {
      end = _ -> drop.run();
      open.enter(this);
    }

    @Override
    public void terminate(Duration limit) {
      end.terminate(limit);
    }

    @Override
    public Optional<FirstRequest.Upgraded> webSocket(byte[] head) {
      Optional<FirstRequest.Upgraded> webSocket =
          RequestHead.read(head).flatMap(request -> webSockets.upgraded(request, remote));
      webSocket.ifPresent(_ -> ended());
      return webSocket;
    }

    @Override
    public Graph<FlowShape<ByteString, ByteString>, ?> http() {
      return http.connection(remote)
          .watchTermination(
              (requests, ended) -> {
                end = requests::terminate;
                // Whoever ended all of them meanwhile has reached the one before.
                open.enter(this);
                requests.over().whenComplete((_, _) -> over.complete(Done.getInstance()));
                return ended.whenComplete((_, _) -> ended());
              });
    }

    @Override
    public void ended() {
      open.leave(this);
      over.complete(Done.getInstance());
    }
  }
}
