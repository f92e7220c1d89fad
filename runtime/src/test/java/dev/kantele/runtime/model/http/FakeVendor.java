package dev.kantele.runtime.model.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A vendor's server on a port of its own, which answers each connection's one request as it is told
 * to, with whatever bytes, and sees when the other side closes.
 */
public final class FakeVendor implements AutoCloseable {
  /** The begin of an answer that ends with its connection. */
  public static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n";

  /** The begin of an answer in HTTP chunks. */
  public static final String CHUNKED_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static final int PATIENCE_SECONDS = 40;
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)\r?$");

  private final ServerSocket listener;
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Answers a request; the connection is closed after it, unless the answer holds it. */
  @FunctionalInterface
  public interface Answer {
    /** Writes what it likes. An exception closes the connection: mostly it was closed already. */
    void to(Call call) throws IOException;
  }

  /** Listens on a free port of this machine. */
  public FakeVendor() {
    this(listener());
  }

  /** Listens where {@code listener} does. */
  FakeVendor(ServerSocket listener) {
    this.listener = listener;
    Thread.ofVirtual().start(this::accept);
  }

  private static ServerSocket listener() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Where it listens, as in {@code http://127.0.0.1:1234}. */
  public String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Has the next request answered so; the last answer is for all that come after it. */
  public synchronized FakeVendor then(Answer answer) {
    answers.add(answer);
    return this;
  }

  /** Has the next request answered by these bytes, and the connection closed. */
  public FakeVendor then(String bytes) {
    return then(call -> call.write(bytes));
  }

  private synchronized Answer next() {
    Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
    if (answer == null) {
      throw new AssertionError("nobody said how to answer");
    }
    return answer;
  }

  /** Waits for the next request. */
  public Call call() {
    try {
      Call call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (call == null) {
        throw new AssertionError("there was no call");
      }
      return call;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
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
      String body =
          new String(in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0), UTF_8);
      var call = new Call(socket, head, body);
      Thread.ofVirtual().start(() -> watch(in, call));
      calls.add(call);
      next().to(call);
    } catch (IOException _) {
      // The other side has gone, which is for a test to see or not.
    } finally {
      sockets.remove(socket);
    }
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

  private static void watch(InputStream in, Call call) {
    try {
      while (in.read() >= 0) {}
    } catch (IOException _) {
      // Reset, which is closed too.
    }
    call.closed.complete(null);
  }

  /** One request, and the connection that it came by. */
  public static final class Call {
    private final Socket socket;
    private final String head;
    private final String body;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicLong written = new AtomicLong();

    private Call(Socket socket, String head, String body) {
      this.socket = socket;
      this.head = head;
      this.body = body;
    }

    /** The request line and the headers. */
    public String head() {
      return head;
    }

    public String body() {
      return body;
    }

    /** Completes when the other side has closed the connection, or this one has. */
    public CompletableFuture<Void> closed() {
      return closed;
    }

    /** The bytes that could be written. */
    public long written() {
      return written.get();
    }

    public void write(String text) throws IOException {
      write(text.getBytes(UTF_8));
    }

    public void write(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      written.addAndGet(bytes.length);
    }

    /** Writes one HTTP chunk. */
    public void chunk(String text) throws IOException {
      write(Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n");
    }

    /** Writes an event of the default type. */
    public void event(String data) throws IOException {
      write("data: " + data + "\n\n");
    }

    /** Says nothing more until the other side closes. */
    public void hold() {
      closed.join();
    }

    /** Closes the connection as a machine that crashes does. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
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
      throw new AssertionError(e);
    }
  }
}
