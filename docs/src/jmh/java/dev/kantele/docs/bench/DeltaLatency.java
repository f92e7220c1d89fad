package dev.kantele.docs.bench;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What a node adds to each delta on its way from the model to a WebSocket: a node in a process of
 * its own serves many sessions whose model says 50 words a second, each of them the time at which
 * it was said. Prints one line: sessions, words/s, the added latency at 50, 99 and 99.9 %, and the
 * processors that the node took.
 *
 * <p>Arguments: sessions (1000), seconds (20). The first five seconds do not count.
 */
public final class DeltaLatency {
  private static final int SESSIONS_OF_A_CONNECTION = 50;
  private static final long WARMUP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ConcurrentHistogram latencies = new ConcurrentHistogram(3);
  private final CountDownLatch ended;

  /** The {@link System#nanoTime()} before which nothing counts; set when all prompts are sent. */
  private volatile long countsFrom = Long.MAX_VALUE;

  private DeltaLatency(int sessions) {
    this.ended = new CountDownLatch(sessions);
  }

  /** Runs the load and prints the line. */
  public static void main(String[] args) throws Exception {
    int sessions = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    try (NodeProcess node = NodeProcess.start("words/paced");
        HttpClient http = HttpClient.newHttpClient()) {
      System.out.println(new DeltaLatency(sessions).run(http, node, sessions, seconds));
    }
  }

  private String run(HttpClient http, NodeProcess node, int sessions, int seconds)
      throws InterruptedException {
    for (int first = 0; first < sessions; first += SESSIONS_OF_A_CONNECTION) {
      WebSocket socket =
          http.newWebSocketBuilder()
              .subprotocols("kantele.v1.json")
              .buildAsync(node.webSocket(), new Reader())
              .join();
      send(
          socket,
          "{\"type\":\"hello\",\"id\":\"h\",\"versions\":[1],\"client\":\"c%d\"}".formatted(first));
      int last = Math.min(sessions, first + SESSIONS_OF_A_CONNECTION);
      for (int session = first; session < last; session++) {
        send(socket, command("session.open", session, ""));
        send(socket, command("session.attach", session, ",\"after\":0"));
        send(
            socket,
            command(
                "prompt",
                session,
                ",\"seq\":1,\"content\":[{\"type\":\"text\",\"text\":\"" + seconds + "\"}]"));
      }
    }
    long wait = TimeUnit.NANOSECONDS.toSeconds(WARMUP_NANOS) + seconds + 60;
    TimeUnit.NANOSECONDS.sleep(WARMUP_NANOS);
    long processorBefore = node.processorMillis();
    long from = System.nanoTime();
    countsFrom = from;
    if (!ended.await(wait, TimeUnit.SECONDS)) {
      throw new IllegalStateException(ended.getCount() + " turns did not end");
    }
    double window = (System.nanoTime() - from) / 1e9;
    // Closing it would wait for its WebSockets.
    http.shutdownNow();
    return String.format(
        Locale.ROOT,
        "latency %d %.0f p50=%.2fms p99=%.2fms p99.9=%.2fms max=%.1fms | node-processors=%.2f",
        sessions,
        latencies.getTotalCount() / window,
        latencies.getValueAtPercentile(50) / 1e6,
        latencies.getValueAtPercentile(99) / 1e6,
        latencies.getValueAtPercentile(99.9) / 1e6,
        latencies.getMaxValue() / 1e6,
        (node.processorMillis() - processorBefore) / 1e3 / window);
  }

  private static String command(String type, int session, String fields) {
    return "{\"type\":\"%1$s\",\"id\":\"%1$s-%2$d\",\"session\":\"s%2$d\"%3$s}"
        .formatted(type, session, fields);
  }

  private static void send(WebSocket socket, String message) {
    socket.sendText(message, /* last= */ true).join();
  }

  /** Finds the times in what one connection receives, without reading the JSON around them. */
  private final class Reader implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        long now = System.nanoTime();
        take(now);
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void take(long now) {
      if (message.indexOf("\"text.delta\"") >= 0) {
        int from = message.indexOf("\"text\":\"", message.indexOf("\"text.delta\""));
        long stamp = 0;
        for (int i = from + 8; i < message.length() && message.charAt(i) != '"'; i++) {
          char digit = message.charAt(i);
          if (digit == ' ') {
            count(now, stamp);
            stamp = 0;
          } else {
            stamp = stamp * 10 + (digit - '0');
          }
        }
      } else if (message.indexOf("\"turn.completed\"") >= 0) {
        ended.countDown();
      } else if (message.indexOf("\"nack\"") >= 0 || message.indexOf("\"turn.failed\"") >= 0) {
        System.err.println(message);
      }
    }

    private void count(long now, long stamp) {
      if (stamp >= countsFrom) {
        latencies.recordValue(Math.max(0, now - stamp));
      }
    }
  }
}
