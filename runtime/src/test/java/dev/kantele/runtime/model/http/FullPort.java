package dev.kantele.runtime.model.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of this machine on which nobody accepts, and where as many wait to be accepted as may: who
 * connects gets no answer at all. So on Linux and macOS; Windows refuses.
 */
public final class FullPort implements AutoCloseable {
  /* Twice what a backlog of 1 may hold, with room for systems that round up. */
  private static final int WAITING = 16;

  private final ServerSocket listener;
  private final List<SocketChannel> waiting = new ArrayList<>();

  /** Takes a free port and fills it. */
  public FullPort() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    for (int i = 0; i < WAITING; i++) {
      SocketChannel channel = SocketChannel.open();
      waiting.add(channel);
      channel.configureBlocking(false);
      channel.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
    }
  }

  /** Where it would listen, as in {@code http://127.0.0.1:1234}. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : waiting) {
      channel.close();
    }
    listener.close();
  }
}
