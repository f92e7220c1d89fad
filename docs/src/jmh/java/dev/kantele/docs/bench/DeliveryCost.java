package dev.kantele.docs.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The processor time that a node takes for an event it delivers to a WebSocket: sessions whose
 * model says 50 words a second, each with as many subscribers, each of these with a connection of
 * its own. A node with the native transport and one with the portable one take turns. Prints a line
 * a run, and the ratio of the medians.
 *
 * <p>Arguments: sessions (100), subscribers together (1000), seconds of a run (10), runs of each
 * (3).
 */
public final class DeliveryCost {
  private static final int WARMUP_SECONDS = 8;

  private final int sessions;
  private final int subscribers;
  private final int seconds;

  private DeliveryCost(int sessions, int subscribers, int seconds) {
    this.sessions = sessions;
    this.subscribers = subscribers;
    this.seconds = seconds;
  }

  /** Runs the load and prints the lines. */
  public static void main(String[] args) throws Exception {
    var cost = new DeliveryCost(number(args, 0, 100), number(args, 1, 1_000), number(args, 2, 10));
    int runs = number(args, 3, 3);
    double[] ours = new double[runs];
    double[] portable = new double[runs];
    for (int run = 0; run < runs; run++) {
      ours[run] = cost.run("native");
      portable[run] = cost.run("portable");
    }
    System.out.printf(
        Locale.ROOT,
        "native/portable %.3f (%.3f..%.3f)%n",
        median(ours) / median(portable),
        min(ours) / max(portable),
        max(ours) / min(portable));
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double min(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /** Microseconds an event. */
  private double run(String transport) throws Exception {
    try (NodeProcess node = NodeProcess.start("words/paced", "--transport", transport);
        Selector selector = Selector.open()) {
      var clients = new ArrayList<Client>();
      for (int i = 0; i < subscribers; i++) {
        clients.add(new Client(node.webSocket(), i, selector));
      }
      read(selector, WARMUP_SECONDS);
      long processorBefore = node.processorMillis();
      long before = events(clients);
      long from = System.nanoTime();
      read(selector, seconds);
      double window = (System.nanoTime() - from) / 1e9;
      long events = events(clients) - before;
      double processor = node.processorMillis() - processorBefore;
      for (Client client : clients) {
        client.channel.close();
      }
      System.out.printf(
          Locale.ROOT,
          "%-8s sessions=%d subscribers=%d events/s=%.0f processors=%.2f us/event=%.2f%n",
          transport,
          sessions,
          subscribers,
          events / window,
          processor / 1e3 / window,
          processor * 1e3 / events);
      return processor * 1e3 / events;
    }
  }

  private static long events(List<Client> clients) {
    return clients.stream().mapToLong(client -> client.frames).sum();
  }

  private static void read(Selector selector, int seconds) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    while (System.nanoTime() < end) {
      // What is there at once is read at once: a client that wakes for each event would share the
      // node's processors.
      selector.select(20);
      for (SelectionKey key : selector.selectedKeys()) {
        ((Client) key.attachment()).read(buffer);
      }
      selector.selectedKeys().clear();
    }
  }

  /** A subscriber, which counts frames and looks at nothing but their headers. */
  private final class Client {
    final SocketChannel channel;
    long frames;
    private long payloadLeft;
    private final byte[] header = new byte[10];
    private int headerBytes;

    Client(URI address, int number, Selector selector) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
      int session = number % sessions;
      String name = "\"session\":\"s" + session + "\"";
      write(
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
      readHead();
      message("{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"c" + number + "\"}");
      message("{\"type\":\"session.open\",\"id\":\"o\"," + name + "}");
      message("{\"type\":\"session.attach\",\"id\":\"a\",\"after\":0," + name + "}");
      if (number < sessions) {
        int words = WARMUP_SECONDS + seconds + 30;
        message(
            "{\"type\":\"prompt\",\"id\":\"p\",\"seq\":1,"
                + name
                + ",\"content\":[{\"type\":\"text\",\"text\":\""
                + words
                + "\"}]}");
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Up to the empty line. */
    private void readHead() throws IOException {
      ByteBuffer one = ByteBuffer.allocate(1);
      int ends = 0;
      while (ends < 4) {
        if (channel.read(one.clear()) < 0) {
          throw new IOException("the node closed a connection that was to become a WebSocket");
        }
        ends = one.get(0) == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
      }
    }

    private void message(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = ByteBuffer.allocate(8 + bytes.length).put((byte) 0x81);
      if (bytes.length < 126) {
        frame.put((byte) (0x80 | bytes.length));
      } else {
        frame.put((byte) (0x80 | 126)).putShort((short) bytes.length);
      }
      frame.putInt(0).put(bytes);
      write(Arrays.copyOf(frame.array(), frame.position()));
    }

    private void write(byte[] bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    void read(ByteBuffer buffer) throws IOException {
      int count = channel.read(buffer.clear());
      if (count < 0) {
        throw new IOException("the node closed a subscriber's connection");
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        int skip = (int) Math.min(payloadLeft, buffer.remaining());
        buffer.position(buffer.position() + skip);
        payloadLeft -= skip;
        if (payloadLeft == 0 && buffer.hasRemaining()) {
          readHeader(buffer.get());
        }
      }
    }

    private void readHeader(byte next) {
      header[headerBytes++] = next;
      int length = headerBytes < 2 ? 0 : header[1] & 0x7F;
      int needed = length < 126 ? 2 : length == 126 ? 4 : 10;
      if (headerBytes < needed || headerBytes < 2) {
        return;
      }
      payloadLeft =
          length < 126
              ? length
              : length == 126
                  ? ByteBuffer.wrap(header).getShort(2) & 0xFFFF
                  : ByteBuffer.wrap(header).getLong(2);
      headerBytes = 0;
      frames++;
    }
  }
}
