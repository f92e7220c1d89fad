package dev.kantele.runtime.poller.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NioPollerTest extends PollerContract {

  @Override
  Poller open() throws IOException {
    return NioPoller.open();
  }

  @Override
  Line line() throws IOException {
    return new ChannelLine();
  }

  /**
   * A connection of Unix-domain sockets: unlike TCP's, what one end does the other sees at once.
   */
  private static final class ChannelLine implements Line {
    private final SocketChannel here;
    private final SocketChannel there;

    ChannelLine() throws IOException {
      Path folder = Files.createTempDirectory("kantele");
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(address);
        here = SocketChannel.open(address);
        there = server.accept();
        here.configureBlocking(false);
        there.configureBlocking(false);
      } finally {
        Files.deleteIfExists(address.getPath());
        Files.delete(folder);
      }
    }

    @Override
    public Watch watch(Trigger trigger, int interest) {
      return new TestWatch(here, trigger, interest);
    }

    @Override
    public void send() {
      run(() -> assertThat(there.write(ByteBuffer.allocate(1))).isEqualTo(1));
    }

    @Override
    public void drain() {
      run(() -> readAll(here));
    }

    @Override
    public void fill() {
      run(
          () -> {
            ByteBuffer buffer = ByteBuffer.allocate(65_536);
            int written;
            do {
              written = here.write(buffer.clear());
            } while (written > 0);
          });
    }

    @Override
    public void drainOther() {
      run(() -> readAll(there));
    }

    @Override
    public void hangUp() {
      run(there::close);
    }

    @Override
    public void close() {
      run(
          () -> {
            here.close();
            there.close();
          });
    }

    private static void readAll(SocketChannel channel) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(65_536);
      int read;
      do {
        read = channel.read(buffer.clear());
      } while (read > 0);
    }

    private interface Action {
      void run() throws IOException;
    }

    private static void run(Action action) {
      try {
        action.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Nested
  class Only {
    @Test
    void channels_can_be_watched() throws IOException {
      try (NioPoller poller = NioPoller.open()) {
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> poller.add(new TestWatch(7, Trigger.LEVEL, Interest.READ)))
            .withMessage("descriptor 7: this back end watches channels of the JDK only");
      }
    }

    @Test
    void levels_and_one_shots_are_known() throws IOException {
      try (NioPoller poller = NioPoller.open();
          ChannelLine line = new ChannelLine()) {
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> poller.add(line.watch(Trigger.EDGE, Interest.READ)))
            .withMessageEndingWith("this back end knows LEVEL and ONE_SHOT only");
      }
    }
  }

  @Nested
  class Sockets {
    private final Ready ready = new Ready();

    @Test
    void that_listen_are_ready_to_read_when_somebody_connects() throws IOException {
      try (NioPoller poller = NioPoller.open();
          ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        poller.add(new TestWatch(server, Trigger.LEVEL, Interest.READ_WRITE));
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
          poller.poll(TimeUnit.SECONDS.toNanos(10), ready);
          assertThat(ready.size()).isEqualTo(1);
          assertThat(ready.readiness(0)).isEqualTo(Readiness.READ);
          assertThat(client.isConnected()).isTrue();
        }
      }
    }

    @Test
    void that_connect_are_ready_to_write_when_they_are_connected() throws IOException {
      try (NioPoller poller = NioPoller.open();
          ServerSocketChannel server = ServerSocketChannel.open();
          SocketChannel client = SocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client.configureBlocking(false);
        if (!client.connect(server.getLocalAddress())) {
          Watch watch = new TestWatch(client, Trigger.LEVEL, Interest.WRITE);
          poller.add(watch);
          poller.poll(TimeUnit.SECONDS.toNanos(10), ready);
          assertThat(ready.readiness(0)).isEqualTo(Readiness.WRITE);
          assertThat(client.finishConnect()).isTrue();
          poller.update(watch, Interest.WRITE);
          ready.clear();
          poller.poll(0, ready);
          assertThat(ready.readiness(0)).isEqualTo(Readiness.WRITE);
        }
      }
    }
  }

  @Test
  void an_interrupt_does_not_end_waits() throws IOException {
    try (NioPoller poller = NioPoller.open()) {
      Ready ready = new Ready();
      Thread.currentThread().interrupt();
      poller.poll(1, ready);
      assertThat(Thread.interrupted()).isFalse();
    }
  }
}
