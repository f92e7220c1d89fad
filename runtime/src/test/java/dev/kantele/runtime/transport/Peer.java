package dev.kantele.runtime.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

/** The other end of a connection, as a plain socket. Reads give up after ten seconds. */
final class Peer implements AutoCloseable {
  private static final int READ_MILLIS = 10_000;

  private final Socket socket;

  private Peer(Socket socket) {
    this.socket = socket;
  }

  static Peer connect(SocketAddress server) throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(READ_MILLIS);
    socket.setTcpNoDelay(true);
    socket.connect(server, READ_MILLIS);
    return new Peer(socket);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  void send(String text) throws IOException {
    send(text.getBytes(UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Reads so many bytes. */
  String read(int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), UTF_8);
  }

  /** Sends a text and reads one as long. */
  String echoed(String text) throws IOException {
    send(text);
    return read(text.getBytes(UTF_8).length);
  }

  /** Reads to the end; returns the bytes. */
  byte[] readToEnd() throws IOException {
    return socket.getInputStream().readAllBytes();
  }

  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Drops the connection without a word. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
