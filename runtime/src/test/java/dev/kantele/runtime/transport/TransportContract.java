package dev.kantele.runtime.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport does with the connections that it has, to be run for each of them. */
@Timeout(60)
abstract class TransportContract extends TransportRig {
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
}
