package dev.kantele.cluster.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * Stands between clients and a node, and cuts every connection after a random number of bytes from
 * the node, until it has cut enough. Each direction has a virtual thread.
 */
public final class CuttingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 256;

  private final ServerSocket server;
  private final URI node;
  private final RandomGenerator random;
  private final int maxBytes;
  private final int cuts;
  private final AtomicInteger connections = new AtomicInteger();
  private final LongAdder bytes = new LongAdder();

  /**
   * Makes one.
   *
   * @param maxBytes the most bytes that a connection may bring before it is cut
   * @param cuts how many connections are cut
   */
  public CuttingProxy(String node, RandomGenerator random, int maxBytes, int cuts)
      throws IOException {
    this.node = URI.create(node);
    this.random = random;
    this.maxBytes = maxBytes;
    this.cuts = cuts;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Where clients go. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How many connections there were. */
  public int connections() {
    return connections.get();
  }

  /** How many bytes the node has sent. */
  public long bytes() {
    return bytes.sum();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        int number = connections.incrementAndGet();
        /* The first must at least be welcomed: only what was made once is made again. */
        int bytes = number > cuts ? Integer.MAX_VALUE : 600 + random.nextInt(maxBytes);
        Thread.ofVirtual().start(() -> connect(client, bytes));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  private void connect(Socket client, int bytes) {
    try (client;
        var upstream = new Socket(node.getHost(), node.getPort())) {
      /* It ends when both sockets are closed, here. */
      Thread _ =
          Thread.ofVirtual()
              .start(() -> pump(client, upstream, Integer.MAX_VALUE, new LongAdder()));
      pump(upstream, client, bytes, this.bytes);
    } catch (IOException _) {
      // One side left, as it may.
    }
  }

  private static void pump(Socket from, Socket to, int bytes, LongAdder count) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var buffer = new byte[BUFFER_BYTES];
      int left = bytes;
      while (left > 0) {
        int read = in.read(buffer, 0, Math.min(left, buffer.length));
        if (read < 0) {
          return;
        }
        out.write(buffer, 0, read);
        left -= read;
        count.add(read);
      }
    } catch (IOException _) {
      // One side left, as it may.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
