package dev.kantele.testkit.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.testkit.Reply;
import dev.kantele.testkit.openai.ChatChunks.Piece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server on a port of this machine that speaks chat completions as OpenAI does, streamed, and
 * says what it is told to, rightly or not. Its address goes into {@code
 * kantele.models.openai.base-url}. Thread-safe.
 *
 * {@snippet :
 * try (var openAi = FakeOpenAi.start()) {
 *   openAi.then(new HttpFault.Status(429, Optional.of(Duration.ofSeconds(1)))).then(Reply.says("Hi."));
 * }
 * }
 */
public final class FakeOpenAi implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)\r?$");

  @SuppressWarnings("StringConcatToTextBlock") // Its lines end with CR and LF.
  private static final String EVENT_STREAM =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
          + "Connection: close\r\n\r\n";

  private final ServerSocket listener;
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<JsonNode> requests = new ArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private record Answer(Reply reply, HttpFault fault) {}

  private FakeOpenAi(ServerSocket listener) {
    this.listener = listener;
    Thread.ofVirtual().name("fake-openai").start(this::accept);
  }

  /** Starts one on a free port of this machine. */
  public static FakeOpenAi start() {
    try {
      return new FakeOpenAi(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is, as in {@code http://127.0.0.1:1234/v1}. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
  }

  /** Has the next call answered so; the last one that was told is for all that come after it. */
  public FakeOpenAi then(Reply reply) {
    return then(reply, new HttpFault.None());
  }

  /** Has the next call fail so. */
  public FakeOpenAi then(HttpFault fault) {
    return then(Reply.says("Never heard."), fault);
  }

  /** Has the next call answered so, if the fault lets it. */
  public synchronized FakeOpenAi then(Reply reply, HttpFault fault) {
    answers.add(new Answer(requireNonNull(reply, "reply"), requireNonNull(fault, "fault")));
    return this;
  }

  /** What it was asked, as JSON, in order. */
  public synchronized List<JsonNode> requests() {
    return List.copyOf(requests);
  }

  /** How many connections are open now. */
  public int connections() {
    return sockets.size();
  }

  private synchronized Answer next(JsonNode request) {
    requests.add(request);
    Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
    return answer == null
        ? new Answer(Reply.says("Nobody told."), new HttpFault.Status(500, Optional.empty()))
        : answer;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().name("fake-openai-call").start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String head = head(in);
      Matcher length = LENGTH.matcher(head);
      byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
      if (head.startsWith("GET ")) {
        json(socket, 200, "", models());
      } else {
        JsonNode request = WireMapper.json().readTree(body);
        answer(socket, request, next(request));
      }
    } catch (IOException | InterruptedException _) {
      // The client has gone, or the server is closed.
    } finally {
      sockets.remove(socket);
    }
  }

  private static String models() {
    return "{\"object\":\"list\",\"data\":[{\"id\":\"test\",\"object\":\"model\"}]}";
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("there was no request");
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  private static void json(Socket socket, int code, String headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    write(
        socket,
        "HTTP/1.1 %d Status\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
            .formatted(code, bytes.length, headers));
    write(socket, body);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  private static void answer(Socket socket, JsonNode request, Answer answer)
      throws IOException, InterruptedException {
    switch (answer.fault()) {
      case HttpFault.None _ -> stream(socket, request, answer.reply(), Body.whole());
      case HttpFault.Slow(var bytes, var pause) ->
          stream(socket, request, answer.reply(), Body.slow(bytes, pause));
      case HttpFault.DropAfter(var bytes) ->
          stream(socket, request, answer.reply(), Body.cut(bytes));
      case HttpFault.Status(var code, var retryAfter) ->
          json(
              socket,
              code,
              retryAfter.map(after -> "Retry-After: " + after.toSeconds() + "\r\n").orElse(""),
              "{\"error\":{\"message\":\"The test says so.\",\"type\":\"test\",\"code\":null}}");
      case HttpFault.Garbage _ -> write(socket, "\u0000\u0001 what is this? \r\n\r\n");
      case HttpFault.Hang _ -> untilClosed(socket);
    }
  }

  private static void stream(Socket socket, JsonNode request, Reply reply, Body body)
      throws IOException, InterruptedException {
    write(socket, EVENT_STREAM);
    for (Piece piece : ChatChunks.of(reply, request.path("model").asText("test"))) {
      switch (piece) {
        case Piece.Data(var json) -> {
          if (!body.write(socket, "data: " + json + "\n\n")) {
            return;
          }
        }
        case Piece.Pause(var duration) -> pause(duration);
        case Piece.Cut _ -> {
          return;
        }
        case Piece.Silence _ -> untilClosed(socket);
      }
    }
  }

  /* Reading is how one learns that the other side has gone. */
  private static void untilClosed(Socket socket) throws IOException {
    while (socket.getInputStream().read() >= 0) {}
  }

  private static void pause(Duration duration) throws InterruptedException {
    new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** How the bytes of a body go out. */
  private static final class Body {
    private final int piece;
    private final Duration pause;
    private int left;

    private Body(int piece, Duration pause, int left) {
      this.piece = piece;
      this.pause = pause;
      this.left = left;
    }

    static Body whole() {
      return new Body(Integer.MAX_VALUE, Duration.ZERO, Integer.MAX_VALUE);
    }

    static Body slow(int bytes, Duration pause) {
      return new Body(bytes, pause, Integer.MAX_VALUE);
    }

    static Body cut(int bytes) {
      return new Body(Integer.MAX_VALUE, Duration.ZERO, bytes);
    }

    /** False when the connection is not to be used any more. */
    boolean write(Socket socket, String text) throws IOException, InterruptedException {
      byte[] bytes = text.getBytes(UTF_8);
      for (int from = 0; from < bytes.length; ) {
        int length = Math.min(Math.min(piece, left), bytes.length - from);
        socket.getOutputStream().write(bytes, from, length);
        socket.getOutputStream().flush();
        from += length;
        left -= length;
        if (left == 0) {
          socket.setSoLinger(true, 0);
          return false;
        }
        if (!pause.isZero()) {
          FakeOpenAi.pause(pause);
        }
      }
      return true;
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
