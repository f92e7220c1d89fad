package dev.kantele.runtime.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** What the tests of a transport share. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransportRig {
  static final InetSocketAddress ANY = local(0);
  static final InetAddress SIX = InetAddress.ofLiteral("::1");

  /** Far above what systems hold for a connection, far below what an endless stream would write. */
  static final long HELD_BYTES = 24L << 20;

  static final ListenOptions PLAIN =
      new ListenOptions(128, 10_000, /* halfClose= */ false, 0, Duration.ofMinutes(1));
  static final ListenOptions HALF_CLOSE =
      new ListenOptions(128, 10_000, /* halfClose= */ true, 0, Duration.ofMinutes(1));
  static final ConnectOptions CONNECT =
      new ConnectOptions(Duration.ofSeconds(10), /* halfClose= */ true, 0, Duration.ofMinutes(1));

  final ActorSystem<Void> system = system();
  final Transport transport = transport(system);
  final List<Listener> listeners = new ArrayList<>();

  /** The actor system that the transport needs. */
  abstract ActorSystem<Void> system();

  /** The transport. */
  abstract Transport transport(ActorSystem<Void> of);

  @AfterEach
  void unbind() {
    listeners.forEach(listener -> get(listener.unbind()));
    listeners.clear();
  }

  @AfterAll
  void stop() {
    system.terminate();
    get(system.getWhenTerminated());
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static ByteString bytes(String text) {
    return ByteString.fromArray(text.getBytes(UTF_8));
  }

  Listener listen(ListenOptions options, Transport.Acceptor acceptor) {
    Listener listener = get(transport.listen(ANY, options, acceptor));
    listeners.add(listener);
    return listener;
  }

  /** Listens, with the same stream for each connection; returns where. */
  <M> SocketAddress serving(ListenOptions options, Flow<ByteString, ByteString, M> handler) {
    return listen(options, connection -> run(connection, handler.watchTermination(Keep.right())))
        .address();
  }

  <M> M run(Connection connection, Flow<ByteString, ByteString, M> handler) {
    return connection.run(handler, Materializer.matFromSystem(system));
  }

  static Flow<ByteString, ByteString, NotUsed> echo() {
    return Flow.create();
  }

  /** Time in which a good deal happens: a thousand round trips by another connection. */
  void aGoodWhile() throws IOException {
    try (Peer peer = Peer.connect(serving(PLAIN, echo()))) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(peer.echoed("tick")).isEqualTo("tick");
      }
    }
  }

  /** Bytes of which each place shows. */
  static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >>> 8) + (i >>> 16));
    }
    return bytes;
  }
}
