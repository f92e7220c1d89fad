package dev.kantele.protocol.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The other end of a client: takes connections one after the other and plays for each a part that
 * the test gives. Each part runs on a thread of its own; when it ends, its connection is cut. What
 * goes wrong in a part, the client being gone apart, is in {@link #failures}.
 */
final class FakeNode implements AutoCloseable {
  /** What the node does with one connection. */
  interface Part {
    void play(Peer peer) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

  FakeNode() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Adds the part for the next connection. */
  FakeNode then(Part part) {
    parts.add(part);
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  BlockingQueue<Throwable> failures() {
    return failures;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Part part = parts.take();
        Thread.ofVirtual().start(() -> play(socket, part));
      }
    } catch (IOException | InterruptedException _) {
      // The test is over.
    }
  }

  private void play(Socket socket, Part part) {
    try (socket) {
      socket.setTcpNoDelay(true);
      part.play(new Peer(socket));
    } catch (IOException | InterruptedException _) {
      // The client left, as it may.
    } catch (RuntimeException | AssertionError e) {
      failures.add(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
