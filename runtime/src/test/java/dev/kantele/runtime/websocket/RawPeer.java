package dev.kantele.runtime.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.runtime.websocket.frame.ClientFrames;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A client that writes what it likes: a socket, and frames by hand. It answers nothing by itself.
 * Reads give up after five seconds.
 */
public final class RawPeer implements AutoCloseable {
  private static final int READ_MILLIS = 5_000;

  /** A frame of the server. */
  public static final class Frame {
    private final int opcode;
    private final boolean compressed;
    private final byte[] payload;

    Frame(int opcode, boolean compressed, byte[] payload) {
      this.opcode = opcode;
      this.compressed = compressed;
      this.payload = payload;
    }

    /** Whether the payload is what DEFLATE writes. */
    public boolean isCompressed() {
      return compressed;
    }

    /** The payload as it came. */
    public byte[] payload() {
      return payload.clone();
    }

    /** What kind of frame it is. */
    public int opcode() {
      return opcode;
    }

    /** The payload as text. */
    public String text() {
      return new String(payload, UTF_8);
    }

    /** The code of a close frame. */
    public int closeCode() {
      return ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    }
  }

  private final Socket socket;
  private final DataInputStream in;

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Connects, without a byte. */
  public static RawPeer open(InetSocketAddress server) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(64 * 1024);
    socket.setSoTimeout(READ_MILLIS);
    socket.setTcpNoDelay(true);
    socket.connect(server);
    return new RawPeer(socket);
  }

  /** Connects and becomes a WebSocket. */
  public static RawPeer connect(InetSocketAddress server) throws IOException {
    RawPeer peer = open(server);
    String response =
        peer.request(
            """
            GET /v1/ws HTTP/1.1
            Host: localhost
            Connection: keep-alive, Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            """);
    if (!response.startsWith("HTTP/1.1 101 ")
        || !response.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
      throw new AssertionError(response);
    }
    return peer;
  }

  /** Connects, says hello as {@code client} and reads the welcome. */
  public static RawPeer greeted(InetSocketAddress server, String client) throws IOException {
    RawPeer peer = connect(server);
    peer.send("{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"" + client + "\"}");
    Frame welcome = peer.read();
    if (!welcome.text().contains("\"welcome\"")) {
      throw new AssertionError(welcome.text());
    }
    return peer;
  }

  /** Sends the lines of a request's head; returns the head of the response. */
  public String request(String lines) throws IOException {
    write((lines.replace("\n", "\r\n") + "\r\n").getBytes(ISO_8859_1));
    return head();
  }

  /** Reads the head of a response. */
  public String head() throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  /** Reads so many bytes of a response's body. */
  public String body(int bytes) throws IOException {
    return new String(in.readNBytes(bytes), UTF_8);
  }

  /** Sends a text message. */
  public void send(String text) throws IOException {
    write(ClientFrames.text(text));
  }

  /** Sends any bytes. */
  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Reads the next frame. */
  public Frame read() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if ((first & 0xB0) != 0x80 || length > 127) {
      throw new AssertionError("not a whole frame without mask: " + first + " " + length);
    }
    long bytes =
        switch (length) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> length;
        };
    byte[] payload = new byte[(int) bytes];
    in.readFully(payload);
    return new Frame(first & 0x0F, (first & 0x40) != 0, payload);
  }

  /** Reads up to the close frame; returns its code. */
  public int readCloseCode() throws IOException {
    Frame frame = read();
    while (frame.opcode() != ClientFrames.CLOSE) {
      frame = read();
    }
    return frame.closeCode();
  }

  /** Reads until the server has closed the socket, or reset it; returns the bytes that came. */
  public long readToEnd() throws IOException {
    long bytes = 0;
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        bytes += read;
      }
    } catch (EOFException | SocketException _) {
      // Reset.
    }
    return bytes;
  }

  /** Whether the server ends the connection within so many milliseconds; what comes is skipped. */
  public boolean endsWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (SocketException _) {
      return true;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(READ_MILLIS);
      }
    }
  }

  /** Ends what this side sends. */
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Drops the connection without a word. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
