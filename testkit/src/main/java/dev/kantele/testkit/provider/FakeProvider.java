package dev.kantele.testkit.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.kantele.testkit.Reply;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server on a port of this machine that speaks a vendor's wire, streamed, and says what it is
 * told to, rightly or not. Its address goes into the provider's {@code base-url}. Thread-safe.
 *
 * {@snippet :
 * try (var vendor = FakeProvider.start(Wire.openAiChat())) {
 *   vendor.then(new HttpFault.Status(429, Optional.of(Duration.ofSeconds(1)))).then(Reply.says("Hi."));
 * }
 * }
 */
public final class FakeProvider implements AutoCloseable {
  private static final int BACKLOG = 4_096;

  private final Wire wire;
  private final ServerSocket listener;
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<FakeRequest> requests = new ArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private sealed interface Answer {
    record Scripted(Reply reply, HttpFault fault) implements Answer {}

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares answers.
    record Verbatim(byte[] body, HttpFault fault) implements Answer {}

    record Plain(int status, String body) implements Answer {}
  }

  /** A connection, seen from the thread that writes to it. */
  record Connection(CompletableFuture<Void> closed) {
    /** Waits, but for no client that has gone. */
    void pause(Duration duration) throws IOException, InterruptedException {
      try {
        closed.get(duration.toNanos(), TimeUnit.NANOSECONDS);
        throw new IOException("the client has gone");
      } catch (TimeoutException _) {
        // As it should be.
      } catch (ExecutionException e) {
        throw new IOException(e);
      }
    }
  }

  private FakeProvider(Wire wire, ServerSocket listener) {
    this.wire = wire;
    this.listener = listener;
    Thread.ofVirtual().name("fake-provider").start(this::accept);
  }

  /** Starts one on a free port of this machine. */
  public static FakeProvider start(Wire wire) {
    requireNonNull(wire, "wire");
    try {
      return new FakeProvider(wire, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The base URL, as in {@code http://127.0.0.1:1234/v1}. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + wire.basePath();
  }

  /** Has the next call answered so; the last one that was told is for all that come after it. */
  public FakeProvider then(Reply reply) {
    return then(reply, new HttpFault.None());
  }

  /** Has the next call fail so. */
  public FakeProvider then(HttpFault fault) {
    return then(Reply.says("Never heard."), fault);
  }

  /** Has the next call answered so, if the fault lets it. */
  public FakeProvider then(Reply reply, HttpFault fault) {
    return add(new Answer.Scripted(requireNonNull(reply, "reply"), requireNonNull(fault, "fault")));
  }

  /** Has the next call answered by a stream of exactly this, such as one that a vendor shows. */
  public FakeProvider thenSends(String body) {
    return thenSends(body.getBytes(UTF_8), new HttpFault.None());
  }

  /** Has the next call answered by a stream of exactly this, if the fault lets it. */
  public FakeProvider thenSends(byte[] body, HttpFault fault) {
    return add(new Answer.Verbatim(body.clone(), requireNonNull(fault, "fault")));
  }

  /** Has the next call refused by exactly this. */
  public FakeProvider thenRefuses(int status, String body) {
    return add(new Answer.Plain(status, requireNonNull(body, "body")));
  }

  private synchronized FakeProvider add(Answer answer) {
    answers.add(answer);
    return this;
  }

  /** What it was asked to answer by a stream, in order. */
  public synchronized List<FakeRequest> requests() {
    return List.copyOf(requests);
  }

  /** How many connections are open now. */
  public int connections() {
    return sockets.size();
  }

  private synchronized Answer next(FakeRequest request) {
    requests.add(request);
    Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
    return answer == null ? new Answer.Plain(500, "{\"error\":\"Nobody told.\"}") : answer;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().name("fake-provider-call").start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    var closed = new CompletableFuture<Void>();
    try (socket) {
      socket.setTcpNoDelay(true);
      FakeRequest request = FakeRequest.read(socket.getInputStream(), closed);
      Thread.ofVirtual().name("fake-provider-watch").start(() -> watch(socket, closed));
      if (request.method().equals("GET")) {
        json(socket, 200, Optional.empty(), wire.listing(request));
      } else {
        answer(socket, new Connection(closed), request, next(request));
      }
    } catch (IOException | InterruptedException _) {
      // The client has gone, or the server is closed.
    } finally {
      sockets.remove(socket);
      closed.complete(null);
    }
  }

  /* Reading is how one learns that the other side has gone. */
  private static void watch(Socket socket, CompletableFuture<Void> closed) {
    try {
      while (socket.getInputStream().read() >= 0) {}
    } catch (IOException _) {
      // It has gone.
    }
    closed.complete(null);
  }

  private void answer(Socket socket, Connection connection, FakeRequest request, Answer answer)
      throws IOException, InterruptedException {
    switch (answer) {
      case Answer.Plain(var status, var body) -> json(socket, status, Optional.empty(), body);
      case Answer.Verbatim(var body, var fault) ->
          answer(socket, connection, List.of(new Piece.Data(body)), fault);
      case Answer.Scripted(var reply, var fault) ->
          answer(socket, connection, wire.pieces(reply, request), fault);
    }
  }

  private void answer(Socket socket, Connection connection, List<Piece> pieces, HttpFault fault)
      throws IOException, InterruptedException {
    switch (fault) {
      case HttpFault.Status(var code, var retryAfter) ->
          json(socket, code, retryAfter, "{\"error\":{\"message\":\"The test says so.\"}}");
      case HttpFault.Refusal(var error, var message, var retryAfter) -> {
        Wire.Refused refused =
            wire.refused(error, message)
                .orElseThrow(() -> new IOException("this wire has no " + error));
        json(socket, refused.status(), retryAfter, refused.body());
      }
      case HttpFault.Garbage _ -> write(socket, "\u0000\u0001 what is this? \r\n\r\n");
      case HttpFault.Hang _ -> connection.pause(Duration.ofDays(1));
      case HttpFault.Noise _ -> stream(socket, connection, noisy(pieces), fault);
      case HttpFault.None _,
          HttpFault.Slow _,
          HttpFault.SplitAt _,
          HttpFault.SplitEvery _,
          HttpFault.DropAfter _ ->
          stream(socket, connection, pieces, fault);
    }
  }

  private List<Piece> noisy(List<Piece> pieces) {
    var noisy = new ArrayList<Piece>();
    for (Piece piece : pieces) {
      noisy.addAll(wire.noise());
      noisy.add(piece);
    }
    return noisy;
  }

  private void stream(Socket socket, Connection connection, List<Piece> pieces, HttpFault fault)
      throws IOException, InterruptedException {
    write(
        socket,
        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            .formatted(wire.contentType()));
    var body = new FakeBody(socket, fault);
    if (body.isVoid()) {
      return;
    }
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Data(var bytes) -> {
          if (!body.write(bytes, connection)) {
            return;
          }
        }
        case Piece.Pause(var duration) -> connection.pause(duration);
        case Piece.Cut _ -> {
          body.end();
          return;
        }
        case Piece.Silence _ -> connection.pause(Duration.ofDays(1));
      }
    }
    body.end();
  }

  private static void json(Socket socket, int code, Optional<Duration> retryAfter, String body)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    write(
        socket,
        "HTTP/1.1 %d Status\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
            .formatted(
                code,
                bytes.length,
                retryAfter.map(after -> "Retry-After: " + after.toSeconds() + "\r\n").orElse("")));
    write(socket, body);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(UTF_8));
    socket.getOutputStream().flush();
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
