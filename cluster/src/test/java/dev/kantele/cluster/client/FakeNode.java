package dev.kantele.cluster.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.codec.Decoded;
import dev.kantele.protocol.codec.WireCodec;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The other end of a {@link NodeClient}: takes connections one after the other and plays for each a
 * part that the test gives. Each part runs on a thread of its own until its connection ends.
 */
final class FakeNode implements AutoCloseable {
  /** What the node does with one connection. */
  interface Part {
    void play(Peer peer) throws IOException;
  }

  private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key: *(\\S+)");
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket server;
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();

  FakeNode() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Adds the part for the next connection. */
  FakeNode then(Part part) {
    parts.add(part);
    return this;
  }

  NodeUrl url() {
    return NodeUrl.parse("http://127.0.0.1:" + server.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Part part = parts.take();
        Thread.ofVirtual()
            .start(
                () -> {
                  try (socket) {
                    part.play(new Peer(socket));
                  } catch (IOException _) {
                    // The client left, as it may.
                  }
                });
      }
    } catch (IOException | InterruptedException _) {
      // The test is over.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** One connection. */
  static final class Peer {
    private final WireCodec codec = new WireCodec();
    private final DataInputStream in;
    private final OutputStream out;

    Peer(Socket socket) throws IOException {
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = socket.getOutputStream();
    }

    /** Answers the handshake as RFC 6455, section 4.2.2, has it. */
    Peer upgrade() throws IOException {
      Matcher key = KEY.matcher(readHead());
      if (!key.find()) {
        throw new IOException("no Sec-WebSocket-Key");
      }
      write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Protocol: kantele.v1.json\r\nSec-WebSocket-Accept: "
              + accept(key.group(1))
              + "\r\n\r\n");
      return this;
    }

    /** Answers with a status and nothing else. */
    void refuse(int status) throws IOException {
      String _ = readHead();
      write("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
    }

    /** Answers the handshake and the greeting. */
    Peer greet() throws IOException {
      upgrade();
      String id = next(Command.Hello.class).id().value();
      return send(
          """
          {"type":"welcome","re":"%s","version":1,"heartbeat_ms":60000,"limits":{"frame_bytes":1048576,\
          "content_parts":256,"subscriptions":64,"queued_turns":16},"features":[]}"""
              .formatted(id));
    }

    /** Answers the next command, which must be an attach. */
    Command.SessionAttach attached(long lastSeq) throws IOException {
      Command.SessionAttach attach = next(Command.SessionAttach.class);
      send(
          """
          {"type":"ack","re":"%s","log":"log-1","last_seq":%d,"next_seq":1}"""
              .formatted(attach.id(), lastSeq));
      return attach;
    }

    /** Sends a delta of text with number {@code seq}. */
    Peer delta(long seq, String text) throws IOException {
      return send(
          """
          {"seq":%d,"type":"text.delta","session":"s","at":"2026-03-01T09:30:00.000Z","turn":"t",\
          "stream":"m","part":0,"text":"%s"}"""
              .formatted(seq, text));
    }

    /** The next command, which must be a {@code type}. */
    <T extends Command> T next(Class<T> type) throws IOException {
      if (!(codec.decodeCommand(readText()) instanceof Decoded.Ok<Command>(var command))) {
        throw new IOException("no command");
      }
      return type.cast(command);
    }

    Peer send(String text) throws IOException {
      frame(0x81, text.getBytes(UTF_8));
      return this;
    }

    /** Sends a text in two fragments. */
    void sendInTwo(String text) throws IOException {
      byte[] bytes = text.getBytes(UTF_8);
      int half = bytes.length / 2;
      frame(0x01, Arrays.copyOf(bytes, half));
      frame(0x80, Arrays.copyOfRange(bytes, half, bytes.length));
    }

    void close(int code, String reason) throws IOException {
      byte[] text = reason.getBytes(UTF_8);
      frame(0x88, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
    }

    /** Reads until the client is gone. */
    void waitForTheEnd() throws IOException {
      long _ = in.transferTo(OutputStream.nullOutputStream());
    }

    private void frame(int head, byte[] payload) throws IOException {
      ByteBuffer frame = ByteBuffer.allocate(payload.length + 4).put((byte) head);
      if (payload.length < 126) {
        frame.put((byte) payload.length);
      } else {
        frame.put((byte) 126).putShort((short) payload.length);
      }
      frame.put(payload);
      out.write(frame.array(), 0, frame.position());
      out.flush();
    }

    /** The next text, past the pongs by which a client finds out whether it is still connected. */
    private String readText() throws IOException {
      int head = in.readUnsignedByte();
      int length = in.readUnsignedByte() & 0x7f;
      if (length == 126) {
        length = in.readUnsignedShort();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (head == 0x8a) {
        return readText();
      }
      if (head != 0x81) {
        throw new IOException("frame " + Integer.toHexString(head));
      }
      return new String(payload, UTF_8);
    }

    private String readHead() throws IOException {
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
      return head.toString();
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(US_ASCII));
      out.flush();
    }

    private static String accept(String key) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
        return Base64.getEncoder().encodeToString(hash);
      } catch (NoSuchAlgorithmException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }
  }
}
