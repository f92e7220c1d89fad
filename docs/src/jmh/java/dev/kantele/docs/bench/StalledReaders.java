package dev.kantele.docs.bench;

import com.typesafe.config.ConfigFactory;
import dev.kantele.cluster.node.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Subscribers that attach to a session and never read, beside one that reads, while the session
 * streams. Prints one line: how many stall, MiB streamed, what of them reached the reader as
 * deltas, the reader's delay at 50 and 99 %, and by how much the heap in use after a collection had
 * grown when nine tenths were streamed (the stream's own text, which the session keeps, is in it).
 *
 * <p>Arguments: how many stall (500), MiB (50).
 */
public final class StalledReaders {
  private static final String SESSION = "{\"session\":\"bulk\",";

  private final Histogram delays = new Histogram(3);
  private final CountDownLatch nearEnd = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long words;

  /** The reader's alone. */
  private long seen;

  private StalledReaders(int mebibytes) {
    this.words = (long) mebibytes << 10;
  }

  /** Runs the load and prints the line. */
  public static void main(String[] args) throws Exception {
    int stalled = args.length > 0 ? Integer.parseInt(args[0]) : 500;
    int mebibytes = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    var config =
        ConfigFactory.parseMap(
            Map.of(
                "kantele.model",
                "words/bulk",
                "kantele.journal.kind",
                "memory",
                "kantele.http.port",
                0,
                // They are to stay for as long as it takes.
                "kantele.websocket.heartbeat",
                "10m"));
    var sockets = new ArrayList<Socket>();
    try (Node node = Node.start(config);
        HttpClient http = HttpClient.newHttpClient()) {
      System.out.println(new StalledReaders(mebibytes).run(node, http, stalled, sockets));
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private String run(Node node, HttpClient http, int stalled, List<Socket> sockets)
      throws Exception {
    URI address = URI.create(node.url().replace("http://", "ws://") + "/v1/ws");
    WebSocket reader =
        http.newWebSocketBuilder()
            .subprotocols("kantele.v1.json")
            .buildAsync(address, new Reader())
            .join();
    send(reader, "{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"reader\"}");
    send(reader, SESSION + "\"type\":\"session.open\",\"id\":\"o\"}");
    send(reader, SESSION + "\"type\":\"session.attach\",\"id\":\"a\",\"after\":0}");
    for (int i = 0; i < stalled; i++) {
      sockets.add(stall(address, i));
    }
    long before = Machine.liveHeapBytes();
    send(
        reader,
        SESSION
            + "\"type\":\"prompt\",\"id\":\"p\",\"seq\":1,\"content\":[{\"type\":\"text\",\"text\":\""
            + (words >> 10)
            + "\"}]}");
    nearEnd.await();
    long grown = Machine.liveHeapBytes() - before;
    if (!ended.await(120, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the turn did not end");
    }
    // Closing it would wait for its WebSockets.
    http.shutdownNow();
    return String.format(
        Locale.ROOT,
        "stalled %d %dMiB share=%.4f delay p50=%.1fms p99=%.1fms | heap-grown=%.1fMiB",
        stalled,
        words >> 10,
        (double) seen / words,
        delays.getValueAtPercentile(50) / 1e6,
        delays.getValueAtPercentile(99) / 1e6,
        grown / 1048576.0);
  }

  private static void send(WebSocket socket, String message) {
    socket.sendText(message, /* last= */ true).join();
  }

  /** A client that subscribes and reads not one byte, not even of the handshake. */
  private static Socket stall(URI address, int number) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
    socket
        .getOutputStream()
        .write(
            """
            GET /v1/ws HTTP/1.1
            Host: %s:%d
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
            Sec-WebSocket-Protocol: kantele.v1.json

            """
                .replace("\n", "\r\n")
                .formatted(address.getHost(), address.getPort())
                .getBytes(StandardCharsets.US_ASCII));
    write(
        socket,
        "{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"stalled-%d\"}"
            .formatted(number));
    write(socket, SESSION + "\"type\":\"session.attach\",\"id\":\"a\",\"after\":0}");
    return socket;
  }

  /** A text frame, masked by zeros. */
  private static void write(Socket socket, String message) throws IOException {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    socket
        .getOutputStream()
        .write(
            ByteBuffer.allocate(6 + text.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | text.length))
                .putInt(0)
                .put(text)
                .array());
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        take(System.nanoTime());
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void take(long now) {
      String start = message.substring(0, Math.min(message.length(), 200));
      if (start.contains("\"text.delta\"") || start.contains("\"catchup\"")) {
        int at = message.indexOf("\"text\":\"") + 8;
        for (; at + 1_024 <= message.length(); at += 1_024) {
          seen++;
          delays.recordValue(Math.max(0, now - Long.parseLong(message, at, at + 20, 10)));
        }
        if (seen >= words * 9 / 10) {
          nearEnd.countDown();
        }
      } else if (start.contains("\"turn.completed\"")) {
        ended.countDown();
      } else if (start.contains("\"turn.failed\"") || start.contains("\"nack\"")) {
        System.err.println(message);
      }
    }
  }
}
