package dev.kantele.runtime.transport;

import static dev.kantele.runtime.transport.TransportRig.get;
import static dev.kantele.runtime.transport.TransportRig.local;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kantele.runtime.http.HttpBindException;
import dev.kantele.runtime.poller.backend.Errno;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a system does now and then, and what only Linux has. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NativeFaultsTest {
  private static final ListenOptions OPTIONS =
      new ListenOptions(128, 10_000, /* halfClose= */ false, 0, Duration.ofMinutes(1));

  @TempDir private Path folder;
  private final ActorSystem<Void> system = TestLoops.system("faults");
  private FaultySyscalls faulty = new FaultySyscalls();
  private NativeTcp transport = NativeTcp.of(system, faulty.syscalls());
  private final BlockingQueue<CompletionStage<Done>> ends = new LinkedBlockingQueue<>();
  private Listener listener = listen(local(0), OPTIONS);

  @BeforeEach
  void begin() {
    faulty = new FaultySyscalls();
    transport = NativeTcp.of(system, faulty.syscalls());
    listener = listen(local(0), OPTIONS);
    ends.clear();
  }

  @AfterEach
  void unbind() {
    get(listener.unbind());
  }

  @AfterAll
  void stop() {
    system.terminate();
    get(system.getWhenTerminated());
  }

  private Listener listen(SocketAddress address, ListenOptions options) {
    return get(
        transport.listen(
            address,
            options,
            connection -> {
              CompletionStage<Done> end =
                  connection.run(
                      Flow.<ByteString>create().watchTermination(Keep.right()),
                      Materializer.matFromSystem(system));
              ends.add(end);
              return end;
            }));
  }

  private Peer peer() throws IOException {
    return Peer.connect(listener.address());
  }

  @Nested
  class Calls {
    @Test
    void that_are_interrupted_are_made_again() throws IOException {
      try (Peer peer = peer()) {
        for (String call : List.of("recv", "send")) {
          faulty.fail(call, Errno.EINTR, Errno.EINTR);
        }
        assertThat(peer.echoed("hello")).isEqualTo("hello");
      }
      faulty.fail("accept4", Errno.EINTR, Errno.ECONNABORTED);
      try (Peer peer = peer()) {
        assertThat(peer.echoed("hello")).isEqualTo("hello");
      }
    }

    @Test
    void that_would_block_after_all_wait_for_the_next_readiness() throws Exception {
      try (Peer peer = peer()) {
        assertThat(peer.echoed("one")).isEqualTo("one");
        faulty.fail("recv", Errno.EAGAIN);
        peer.send("two");
        faulty.awaitFailure();
        assertThat(peer.echoed("three")).isEqualTo("twoth");
      }
    }

    @Test
    void that_take_less_than_they_are_given_go_on() throws IOException {
      faulty.sendAtMost(7);
      byte[] bytes = new byte[10_000];
      new Random(1).nextBytes(bytes);
      try (Peer peer = peer()) {
        peer.send(bytes);
        peer.shutdownOutput();
        assertThat(peer.readToEnd()).isEqualTo(bytes);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "send"})
    void that_fail_end_the_stream_and_the_connection(String call) throws Exception {
      try (Peer peer = peer()) {
        assertThat(peer.echoed("x")).isEqualTo("x");
        faulty.fail(call, call.equals("recv") ? Errno.ECONNRESET : Errno.EPIPE);
        peer.send("y");

        assertThat(catchThrowable(() -> get(ends.take())))
            .hasMessageContaining(call + " on descriptor");
      }
    }
  }

  @Nested
  class Taking_connections {
    @Test
    void pauses_while_descriptors_are_short_and_does_not_spin() throws IOException {
      try (Peer healthy = peer()) {
        assertThat(healthy.echoed("hello")).isEqualTo("hello");
        int before = faulty.calls("accept4");
        faulty.fail("accept4", IntStream.generate(() -> Errno.EMFILE).limit(10_000).toArray());
        try (Peer waiting = peer()) {
          waiting.send("hello");
          for (int i = 0; i < 1_000; i++) {
            assertThat(healthy.echoed("x")).isEqualTo("x");
          }
          assertThat(faulty.calls("accept4") - before).isLessThan(100);

          faulty.mend("accept4");
          assertThat(waiting.read(5)).isEqualTo("hello");
        }
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM, Errno.EPERM})
    void goes_on_after_whatever_the_system_refuses_it(int errno) throws IOException {
      faulty.fail("accept4", errno);
      try (Peer peer = peer()) {
        assertThat(peer.echoed("hello")).isEqualTo("hello");
      }
    }

    @Test
    void goes_from_loop_to_loop() throws IOException {
      var threads = new LinkedBlockingQueue<String>();
      Listener spread =
          get(
              transport.listen(
                  local(0),
                  OPTIONS,
                  connection ->
                      connection.run(
                          Flow.<ByteString>create()
                              .map(
                                  bytes -> {
                                    threads.add(Thread.currentThread().getName());
                                    return bytes;
                                  })
                              .watchTermination(Keep.right()),
                          Materializer.matFromSystem(system))));
      try (Peer one = Peer.connect(spread.address());
          Peer two = Peer.connect(spread.address())) {
        assertThat(one.echoed("x")).isEqualTo("x");
        assertThat(two.echoed("x")).isEqualTo("x");
        assertThat(threads).containsExactlyInAnyOrderElementsOf(TestLoops.names(system));
      }
      get(spread.unbind());
    }

    @Test
    void drops_those_whose_stream_nobody_runs() throws Exception {
      Listener lazy = get(transport.listen(local(0), OPTIONS, _ -> new CompletableFuture<Done>()));
      try (Peer peer = Peer.connect(lazy.address())) {
        assertThatThrownBy(peer::readToEnd).isInstanceOf(SocketException.class);
      } catch (SocketException _) {
        // Reset before it knew that it was connected.
      }
      get(lazy.unbind());
    }
  }

  @Nested
  class Streams {
    @Test
    void that_run_elsewhere_are_refused() {
      CompletionStage<Done> elsewhere =
          Source.<ByteString>maybe()
              .via(
                  transport.connect(
                      listener.address(),
                      new ConnectOptions(
                          Duration.ofSeconds(10),
                          /* halfClose= */ true,
                          0,
                          Duration.ofSeconds(10))))
              .runWith(Sink.ignore(), system);

      assertThat(catchThrowable(() -> get(elsewhere)))
          .hasMessageContaining("run the stream with the attributes of its home");
    }
  }

  @Nested
  class Handing_over {
    /** What comes first goes to the next stream, with which the connection goes on. */
    @Test
    void lets_the_connection_go_on_with_another_stream() throws IOException {
      Listener changing =
          get(
              transport.listen(
                  local(0),
                  OPTIONS,
                  connection ->
                      connection.run(
                          Flow.<ByteString>create()
                              .<ByteString>map(
                                  first -> {
                                    throw new HandOver(
                                        first, ByteString.fromString("now: "), next -> echo(next));
                                  })
                              .watchTermination(Keep.right()),
                          Materializer.matFromSystem(system))));
      try (Peer peer = Peer.connect(changing.address())) {
        peer.send("one");
        assertThat(peer.read(8)).isEqualTo("now: one");
        assertThat(peer.echoed("two")).isEqualTo("two");
        peer.shutdownOutput();
        assertThat(peer.readToEnd()).isEmpty();
      }
      get(changing.unbind());
    }

    private void echo(Connection connection) {
      var _ = connection.run(Flow.create(), Materializer.matFromSystem(system));
    }

    @Test
    void to_nobody_resets_the_connection() throws IOException {
      Listener dropping =
          get(
              transport.listen(
                  local(0),
                  OPTIONS,
                  connection ->
                      connection.run(
                          Flow.<ByteString>create()
                              .<ByteString>map(
                                  first -> {
                                    throw new HandOver(
                                        first, ByteString.emptyByteString(), next -> {});
                                  })
                              .watchTermination(Keep.right()),
                          Materializer.matFromSystem(system))));
      try (Peer peer = Peer.connect(dropping.address())) {
        peer.send("one");
        assertThatThrownBy(peer::readToEnd).isInstanceOf(SocketException.class);
      }
      get(dropping.unbind());
    }
  }

  @Nested
  class Ports {
    @Test
    void that_need_a_permission_are_told() {
      faulty.fail("bind", Errno.EACCES);
      Throwable failure =
          catchThrowable(
              () -> get(transport.listen(local(80), OPTIONS, _ -> new CompletableFuture<>())));

      assertThat(HttpBindException.of("127.0.0.1", 80, failure))
          .hasMessage(
              "port 80 on 127.0.0.1 needs a permission that this process lacks; choose one above"
                  + " 1023 with --port");
    }
  }

  @Nested
  class Paths {
    @Test
    void are_listened_on_and_connected_to_as_ports_are() throws Exception {
      Path path = folder.resolve("socket");
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
      Listener unix = listen(address, OPTIONS);
      assertThat(unix.address()).isEqualTo(address);

      try (SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        peer.connect(address);
        peer.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
        peer.shutdownOutput();
        ByteBuffer all = ByteBuffer.allocate(16);
        while (peer.read(all) >= 0) {
          // Up to the end.
        }
        assertThat(all.position()).isEqualTo(5);
      }
      CompletionStage<String> echoed =
          Source.single(ByteString.fromString("by a path"))
              .via(
                  transport.connect(
                      address,
                      new ConnectOptions(
                          Duration.ofSeconds(10),
                          /* halfClose= */ true,
                          0,
                          Duration.ofSeconds(10))))
              .fold("", (text, more) -> text + more.utf8String())
              .toMat(Sink.head(), Keep.right())
              .addAttributes(transport.home())
              .run(system);
      assertThat(get(echoed)).isEqualTo("by a path");

      get(unix.unbind());
      assertThat(path).doesNotExist();
    }
  }

  @Nested
  class Descriptors {
    @Test
    void are_all_closed_whatever_ended_a_connection() throws Exception {
      long before = open();
      for (int i = 0; i < 300; i++) {
        try (Peer peer = peer()) {
          assertThat(peer.echoed("x")).isEqualTo("x");
          switch (i % 4) {
            case 0 -> peer.reset();
            case 1 -> {
              peer.shutdownOutput();
              assertThat(peer.readToEnd()).isEmpty();
            }
            case 2 -> {
              faulty.fail("recv", Errno.ETIMEDOUT);
              peer.send("y");
            }
            default -> {
              // Closed as the first thing after this.
            }
          }
        }
        var _ = catchThrowable(() -> get(ends.take()));
      }
      get(listener.unbind());
      TestLoops.settle(system);

      assertThat(open()).isLessThanOrEqualTo(before);
    }

    private static long open() throws IOException {
      try (var files = Files.list(Path.of("/proc/self/fd"))) {
        return files.count();
      }
    }
  }

  @Nested
  class Hang_ups {
    @Test
    void that_nobody_reads_do_not_keep_the_loop_busy() throws Exception {
      Listener deaf =
          get(
              transport.listen(
                  local(0),
                  OPTIONS,
                  connection ->
                      connection.run(
                          Flow.fromSinkAndSourceMat(
                              Sink.<ByteString>never(), Source.<ByteString>maybe(), Keep.left()),
                          Materializer.matFromSystem(system))));
      try (Peer peer = Peer.connect(deaf.address())) {
        peer.send("nobody reads this");
        peer.shutdownOutput();
        long before = TestLoops.ticks(system);
        try (Peer healthy = peer()) {
          for (int i = 0; i < 1_000; i++) {
            assertThat(healthy.echoed("x")).isEqualTo("x");
          }
        }
        // One round of the loop for each round trip, and few beside them.
        assertThat(TestLoops.ticks(system) - before).isLessThan(3_000);
      }
      get(deaf.unbind());
    }
  }
}
