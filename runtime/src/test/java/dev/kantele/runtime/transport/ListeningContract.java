package dev.kantele.runtime.transport;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How every transport comes to connections, to be run for each of them. */
@Timeout(60)
abstract class ListeningContract extends TransportRig {
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
}
