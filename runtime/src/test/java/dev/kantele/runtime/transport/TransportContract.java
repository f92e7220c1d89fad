package dev.kantele.runtime.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.kantele.runtime.http.HttpBindException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What every transport does, to be run for each of them. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransportContract {
  private static final InetSocketAddress ANY = local(0);
  private static final InetAddress SIX = InetAddress.ofLiteral("::1");

  /** Far above what systems hold for a connection, far below what an endless stream would write. */
  private static final long HELD_BYTES = 24L << 20;

  private static final ListenOptions PLAIN =
      new ListenOptions(128, 10_000, /* halfClose= */ false, 0, Duration.ofMinutes(1));
  private static final ListenOptions HALF_CLOSE =
      new ListenOptions(128, 10_000, /* halfClose= */ true, 0, Duration.ofMinutes(1));
  private static final ConnectOptions CONNECT =
      new ConnectOptions(Duration.ofSeconds(10), /* halfClose= */ true, 0, Duration.ofMinutes(1));

  private final ActorSystem<Void> system = system();
  private final Transport transport = transport(system);
  private final List<Listener> listeners = new ArrayList<>();

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

  private Listener listen(ListenOptions options, Transport.Acceptor acceptor) {
    Listener listener = get(transport.listen(ANY, options, acceptor));
    listeners.add(listener);
    return listener;
  }

  /** Listens, with the same stream for each connection; returns where. */
  private <M> SocketAddress serving(
      ListenOptions options, Flow<ByteString, ByteString, M> handler) {
    return listen(options, connection -> run(connection, handler.watchTermination(Keep.right())))
        .address();
  }

  private <M> M run(Connection connection, Flow<ByteString, ByteString, M> handler) {
    return connection.run(handler, Materializer.matFromSystem(system));
  }

  private static Flow<ByteString, ByteString, NotUsed> echo() {
    return Flow.create();
  }

  /** Time in which a good deal happens: a thousand round trips by another connection. */
  private void aGoodWhile() throws IOException {
    try (Peer peer = Peer.connect(serving(PLAIN, echo()))) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(peer.echoed("tick")).isEqualTo("tick");
      }
    }
  }

  @Nested
  class Bytes {
    @Test
    void that_come_go_through_the_stream_and_back() throws IOException {
      try (Peer peer = Peer.connect(serving(PLAIN, echo()))) {
        assertThat(peer.echoed("hello")).isEqualTo("hello");
        assertThat(peer.echoed("hello again")).isEqualTo("hello again");
      }
    }

    @Test
    void of_any_number_arrive_unchanged_and_in_order() throws Exception {
      byte[] sent = pattern(32 << 20);
      try (Peer peer = Peer.connect(serving(PLAIN, echo()))) {
        var writer =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        peer.send(sent);
                        peer.shutdownOutput();
                      } catch (IOException e) {
                        throw new AssertionError(e);
                      }
                    });
        assertThat(peer.readToEnd()).isEqualTo(sent);
        writer.join();
      }
    }

    @Test
    void in_elements_of_all_sizes_arrive_unchanged() throws IOException {
      List<ByteString> elements = new ArrayList<>();
      byte[] all = pattern(3_000_000);
      int at = 0;
      for (int size = 1; at + size <= all.length; size = size * 7 % 300_007 + 1) {
        ByteString whole = ByteString.fromArray(all, at, size);
        elements.add(whole.take(size / 2).concat(whole.drop(size / 2)));
        at += size;
      }
      Flow<ByteString, ByteString, ?> handler =
          Flow.fromSinkAndSourceCoupled(Sink.ignore(), Source.from(elements));
      try (Peer peer = Peer.connect(serving(PLAIN, handler))) {
        assertThat(peer.readToEnd()).isEqualTo(Arrays.copyOf(all, at));
      }
    }

    @Test
    void one_by_one_are_as_good_as_many() throws IOException {
      try (Peer peer = Peer.connect(serving(PLAIN, echo()))) {
        for (byte b : "byte by byte".getBytes(UTF_8)) {
          peer.send(new byte[] {b});
        }
        assertThat(peer.read(12)).isEqualTo("byte by byte");
      }
    }

    @Test
    void of_many_connections_are_kept_apart() throws IOException {
      SocketAddress server = serving(PLAIN, echo());
      List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        peers.add(Peer.connect(server));
        peers.getLast().send("%04d".formatted(i));
      }
      for (int i = 0; i < peers.size(); i++) {
        assertThat(peers.get(i).read(4)).isEqualTo("%04d".formatted(i));
      }
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  @Nested
  class Demand {
    @Test
    void that_is_missing_holds_up_the_peer() throws Exception {
      var never = Flow.fromSinkAndSource(Sink.<ByteString>never(), Source.<ByteString>maybe());
      SocketAddress server = serving(PLAIN, never);
      try (SocketChannel channel = SocketChannel.open(server)) {
        channel.configureBlocking(false);
        long written = fill(channel);
        aGoodWhile();
        written += fill(channel);

        assertThat(written).isLessThan(HELD_BYTES);
      }
    }

    private long fill(SocketChannel channel) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
      long written = 0;
      for (int empty = 0; empty < 100 && written < 4 * HELD_BYTES; ) {
        buffer.clear();
        int count = channel.write(buffer);
        written += count;
        empty = count == 0 ? empty + 1 : 0;
      }
      return written;
    }

    @Test
    void of_a_peer_that_reads_nothing_holds_up_the_stream_and_nobody_else() throws IOException {
      var asked = new AtomicLong();
      ByteString piece = ByteString.fromArray(new byte[64 * 1024]);
      Flow<ByteString, ByteString, ?> endless =
          Flow.fromSinkAndSourceCoupled(
              Sink.ignore(),
              Source.repeat(piece).wireTap(bytes -> asked.addAndGet(bytes.length())));
      try (Peer peer = Peer.connect(serving(PLAIN, endless))) {
        assertThat(peer.read(1)).hasSize(1);
        aGoodWhile();

        assertThat(asked.get()).isLessThan(HELD_BYTES);
        assertThat(peer.read(8 << 20)).hasSize(8 << 20);
        peer.reset();
      }
    }
  }

  @Nested
  class Ends {
    @Test
    void of_what_the_peer_sends_leave_the_other_way_open() throws IOException {
      Flow<ByteString, ByteString, ?> count =
          Flow.<ByteString>create()
              .fold(0, (sum, bytes) -> sum + bytes.length())
              .map(sum -> bytes("got " + sum));
      try (Peer peer = Peer.connect(serving(PLAIN, count))) {
        peer.send("12345");
        peer.shutdownOutput();

        assertThat(new String(peer.readToEnd(), UTF_8)).isEqualTo("got 5");
      }
    }

    @Test
    void of_what_is_sent_leave_the_other_way_open_with_half_close() throws Exception {
      var received = new LinkedBlockingQueue<String>();
      var handler =
          Flow.fromSinkAndSource(
              Sink.<ByteString>foreach(bytes -> received.add(bytes.utf8String())),
              Source.single(bytes("bye")));
      try (Peer peer = Peer.connect(serving(HALF_CLOSE, handler))) {
        assertThat(new String(peer.readToEnd(), UTF_8)).isEqualTo("bye");

        peer.send("not yet");
        assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("not yet");
      }
    }

    @Test
    void of_what_is_sent_end_the_connection_without_half_close() throws Exception {
      var ended = new CompletableFuture<CompletionStage<Done>>();
      listen(
          PLAIN,
          connection -> {
            var handler =
                Flow.fromSinkAndSourceMat(
                    Sink.<ByteString>ignore(), Source.single(bytes("bye")), Keep.left());
            CompletionStage<Done> done = run(connection, handler);
            ended.complete(done);
            return done;
          });
      try (Peer peer = Peer.connect(listeners.getFirst().address())) {
        assertThat(new String(peer.readToEnd(), UTF_8)).isEqualTo("bye");
        assertThat(get(get(ended))).isEqualTo(Done.getInstance());
      }
    }

    @Test
    void come_after_all_that_was_to_be_sent() throws IOException {
      byte[] sent = pattern(8 << 20);
      Flow<ByteString, ByteString, ?> handler =
          Flow.fromSinkAndSource(Sink.ignore(), Source.single(ByteString.fromArray(sent)));
      try (Peer peer = Peer.connect(serving(PLAIN, handler))) {
        // The stream is at its end long before the first byte is read.
        aGoodWhile();
        assertThat(peer.readToEnd()).isEqualTo(sent);
      }
    }

    @Test
    void are_told_although_the_peer_sends_on() throws IOException {
      Flow<ByteString, ByteString, ?> one =
          Flow.<ByteString>create().take(1).map(bytes -> bytes("enough"));
      try (Peer peer = Peer.connect(serving(PLAIN, one))) {
        peer.send("first");
        assertThat(new String(peer.readToEnd(), UTF_8)).isEqualTo("enough");
      }
    }
  }

  @Nested
  class Resets {
    @Test
    void by_the_peer_fail_the_stream() throws Exception {
      var ended = new CompletableFuture<Done>();
      listen(
          PLAIN,
          connection -> {
            CompletionStage<Done> done = run(connection, echo().watchTermination(Keep.right()));
            done.whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    ended.complete(Done.getInstance());
                  } else {
                    ended.completeExceptionally(failure);
                  }
                });
            return done;
          });
      try (Peer peer = Peer.connect(listeners.getFirst().address())) {
        assertThat(peer.echoed("x")).isEqualTo("x");
        peer.reset();
      }
      assertThat(catchThrowable(() -> get(ended))).isNotNull();
    }

    @Test
    void come_of_a_stream_that_fails() throws IOException {
      Flow<ByteString, ByteString, ?> failing =
          Flow.<ByteString>create()
              .map(
                  _ -> {
                    throw new IllegalStateException("on purpose");
                  });
      try (Peer peer = Peer.connect(serving(PLAIN, failing))) {
        peer.send("x");
        assertThatThrownBy(peer::readToEnd)
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
    }

    @Test
    void hit_nobody_else() throws IOException {
      SocketAddress server = serving(PLAIN, echo());
      try (Peer healthy = Peer.connect(server)) {
        for (int i = 0; i < 100; i++) {
          try (Peer peer = Peer.connect(server)) {
            peer.send("x");
            peer.reset();
          }
          assertThat(healthy.echoed("still here")).isEqualTo("still here");
        }
      }
    }
  }

  @Nested
  class Limits {
    @Test
    void of_connections_let_the_next_wait_until_one_ends() throws Exception {
      BlockingQueue<SocketAddress> taken = new LinkedBlockingQueue<>();
      Listener listener =
          listen(
              new ListenOptions(128, 2, /* halfClose= */ false, 0, Duration.ofMinutes(1)),
              connection -> {
                taken.add(connection.remote());
                return run(connection, echo().watchTermination(Keep.right()));
              });
      try (Peer first = Peer.connect(listener.address());
          Peer second = Peer.connect(listener.address());
          Peer third = Peer.connect(listener.address())) {
        third.send("third");
        assertThat(first.echoed("first")).isEqualTo("first");
        assertThat(second.echoed("second")).isEqualTo("second");
        aGoodWhile();
        assertThat(taken).hasSize(2);

        first.reset();
        assertThat(third.read(5)).isEqualTo("third");
        assertThat(taken).hasSize(3);
        assertThat(second.echoed("second")).isEqualTo("second");
      }
    }

    @Test
    void keep_in_the_backlog_who_comes_meanwhile() throws Exception {
      Listener listener =
          listen(
              new ListenOptions(128, 1, /* halfClose= */ false, 0, Duration.ofMinutes(1)),
              connection -> run(connection, echo().watchTermination(Keep.right())));
      List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        peers.add(Peer.connect(listener.address()));
        peers.getLast().send("x");
      }
      for (Peer peer : peers) {
        assertThat(peer.read(1)).isEqualTo("x");
        peer.close();
      }
    }

    @Test
    void count_a_connection_whose_stream_could_not_be_run_no_more() throws Exception {
      var connections = new AtomicInteger();
      Listener listener =
          listen(
              new ListenOptions(128, 1, /* halfClose= */ false, 0, Duration.ofMinutes(1)),
              connection -> {
                if (connections.incrementAndGet() == 1) {
                  throw new IllegalStateException("on purpose");
                }
                return run(connection, echo().watchTermination(Keep.right()));
              });
      try (Peer peer = Peer.connect(listener.address())) {
        peer.send("first");
      } catch (SocketException _) {
        // Reset before it knew that it was connected.
      }
      try (Peer peer = Peer.connect(listener.address())) {
        assertThat(peer.echoed("second")).isEqualTo("second");
      }
    }
  }

  @Nested
  class Listening {
    private String sentence(InetSocketAddress address) {
      Throwable failure =
          catchThrowable(
              () -> get(transport.listen(address, PLAIN, _ -> new CompletableFuture<>())));
      assertThat(failure).isNotNull();
      return String.valueOf(
          HttpBindException.of(address.getHostString(), address.getPort(), failure).getMessage());
    }

    @Test
    void on_an_address_in_use_is_told() {
      var taken = (InetSocketAddress) serving(PLAIN, echo());

      assertThat(sentence(taken)).contains("port " + taken.getPort(), "is in use");
    }

    @Test
    void on_a_name_that_nobody_knows_is_told() {
      assertThat(sentence(InetSocketAddress.createUnresolved("nowhere.invalid", 1)))
          .isEqualTo(
              "host nowhere.invalid is unknown; choose a name or an address of this machine with"
                  + " --host");
    }

    @Test
    void on_an_address_of_another_machine_is_told() {
      assertThat(sentence(new InetSocketAddress("192.0.2.1", 0)))
          .isEqualTo("192.0.2.1 is no address of this machine; choose one that is with --host");
    }

    @Test
    void on_version_6_of_the_protocol_serves_it() throws IOException {
      InetSocketAddress six = new InetSocketAddress(SIX, 0);
      assumeThat(hasVersion6()).isTrue();
      Listener listener =
          get(
              transport.listen(
                  six,
                  PLAIN,
                  connection -> run(connection, echo().watchTermination(Keep.right()))));
      listeners.add(listener);
      try (Peer peer = Peer.connect(listener.address())) {
        assertThat(peer.echoed("six")).isEqualTo("six");
      }
    }

    private static boolean hasVersion6() {
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(SIX, 0));
        return true;
      } catch (IOException _) {
        return false;
      }
    }

    @Test
    void tells_where_a_connection_comes_from() throws Exception {
      var taken = new LinkedBlockingQueue<Connection>();
      Listener listener =
          listen(
              PLAIN,
              connection -> {
                taken.add(connection);
                return run(connection, echo().watchTermination(Keep.right()));
              });
      try (Peer peer = Peer.connect(listener.address())) {
        assertThat(peer.echoed("x")).isEqualTo("x");
        Connection connection = taken.remove();
        assertThat(connection.remote()).isEqualTo(peer.address());
        assertThat(connection.local()).isEqualTo(listener.address());
      }
    }

    @Test
    void ends_with_unbind_and_leaves_connections_alone() throws IOException {
      Listener listener =
          listen(PLAIN, connection -> run(connection, echo().watchTermination(Keep.right())));
      try (Peer peer = Peer.connect(listener.address())) {
        assertThat(peer.echoed("before")).isEqualTo("before");

        get(listener.unbind());
        get(listener.unbind());

        assertThatThrownBy(() -> Peer.connect(listener.address())).isInstanceOf(IOException.class);
        assertThat(peer.echoed("after")).isEqualTo("after");
      }
    }

    @Test
    void can_begin_again_on_the_same_address() throws IOException {
      SocketAddress address = serving(PLAIN, echo());
      try (Peer peer = Peer.connect(address)) {
        assertThat(peer.echoed("before")).isEqualTo("before");
        unbind();

        listeners.add(
            get(
                transport.listen(
                    address,
                    PLAIN,
                    connection -> run(connection, echo().watchTermination(Keep.right())))));
        try (Peer again = Peer.connect(address)) {
          assertThat(again.echoed("again")).isEqualTo("again");
        }
      }
    }
  }

  @Nested
  class Connecting {
    private <M> M run(
        SocketAddress to,
        Function<Flow<ByteString, ByteString, CompletionStage<SocketAddress>>, RunnableGraph<M>>
            graph) {
      return graph
          .apply(transport.connect(to, CONNECT))
          .addAttributes(transport.home())
          .run(Materializer.matFromSystem(system));
    }

    @Test
    void gives_a_connection_like_one_that_was_taken() {
      SocketAddress server = serving(PLAIN, echo());
      CompletionStage<String> echoed =
          run(
              server,
              connection ->
                  Source.from(List.of(bytes("one "), bytes("two ")))
                      .via(connection)
                      .fold("", (text, more) -> text + more.utf8String())
                      .toMat(Sink.head(), Keep.right()));

      assertThat(get(echoed)).isEqualTo("one two ");
    }

    @Test
    void tells_the_address_on_this_side() {
      SocketAddress server = serving(PLAIN, echo());
      CompletionStage<SocketAddress> local =
          run(
              server,
              connection ->
                  Source.<ByteString>empty().viaMat(connection, Keep.right()).to(Sink.ignore()));

      assertThat(get(local)).isInstanceOf(InetSocketAddress.class);
    }

    @Test
    void to_nobody_fails() throws IOException {
      InetSocketAddress nobody;
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        nobody = (InetSocketAddress) socket.getLocalSocketAddress();
      }
      var both =
          run(
              nobody,
              connection ->
                  Source.<ByteString>maybe()
                      .viaMat(connection, Keep.right())
                      .toMat(Sink.ignore(), Keep.both()));

      assertThat(catchThrowable(() -> get(both.first()))).isNotNull();
      assertThat(catchThrowable(() -> get(both.second()))).isNotNull();
    }

    @Test
    void to_somebody_who_does_not_answer_fails_after_the_time_limit() throws IOException {
      List<Socket> waiting = new ArrayList<>();
      try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        fill(full, waiting);
        CompletionStage<SocketAddress> local =
            Source.<ByteString>maybe()
                .viaMat(
                    transport.connect(
                        full.getLocalSocketAddress(),
                        new ConnectOptions(
                            Duration.ofMillis(200), /* halfClose= */ true, 0, Duration.ZERO)),
                    Keep.right())
                .to(Sink.ignore())
                .addAttributes(transport.home())
                .run(Materializer.matFromSystem(system));

        assertThat(catchThrowable(() -> get(local))).isNotNull();
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }

    /** Lets so many wait that one more is not answered. */
    private void fill(ServerSocket server, List<Socket> waiting) throws IOException {
      for (int i = 0; i < 10; i++) {
        var socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(server.getLocalSocketAddress(), 100);
        } catch (SocketTimeoutException _) {
          return;
        }
      }
    }
  }

  /** Bytes of which each place shows. */
  private static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >>> 8) + (i >>> 16));
    }
    return bytes;
  }
}
