package dev.kantele.cluster.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.access.Received;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.protocol.codec.WireFormatException;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket to a node: replies go to who asked, events to the buffer of their session. Safe
 * from any thread. Once ended it stays so.
 */
final class Connection implements FrameListener.Receiver {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** How long to wait for anything before asking whether the connection is still there. */
  static final Duration PROBE = Duration.ofMillis(500);

  private static final Duration SEND_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final WireCodec codec = new WireCodec();
  private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
  private final CompletableFuture<ConnectionException> end = new CompletableFuture<>();
  private final Map<CommandId, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();
  private final Map<SessionId, EventBuffer> buffers = new ConcurrentHashMap<>();

  private volatile Duration heartbeat = Duration.ofSeconds(30);

  /** A WebSocket takes the next message only when the one before is out. */
  private final ReentrantLock sending = new ReentrantLock();

  /** The listener to build the socket with. */
  FrameListener listener() {
    return new FrameListener(this);
  }

  /** Begins, with the socket that was built. */
  void begin(WebSocket opened) {
    socket.complete(opened);
  }

  /** How long silence is normal, as the node said. */
  Duration heartbeat() {
    return heartbeat;
  }

  /** Takes over what the node said in its greeting. */
  void greeted(Reply.Welcome welcome) {
    heartbeat = Duration.ofMillis(welcome.heartbeatMs());
  }

  boolean isOpen() {
    return !end.isDone();
  }

  /** Throws if the connection ended in a way that a new one would end, too. */
  void requireMayReturn() throws ConnectionException {
    if (end.isDone() && !end.join().mayReturn()) {
      throw end.join();
    }
  }

  /** Sends a command and waits for its reply. */
  Reply call(Command command, Duration limit) throws ConnectionException {
    var reply = new CompletableFuture<Reply>();
    waiting.put(command.id(), reply);
    try {
      if (end.isDone()) {
        throw end.join();
      }
      send(command);
      for (Duration waited = Duration.ZERO;
          waited.compareTo(limit) < 0;
          waited = waited.plus(PROBE)) {
        Optional<Reply> came = await(reply, PROBE);
        if (came.isPresent()) {
          return came.get();
        }
        probe();
      }
      throw failed("it did not answer within " + limit.toSeconds() + " s");
    } finally {
      waiting.remove(command.id());
    }
  }

  /** Sends a command whose reply does not matter. */
  void send(Command command) throws ConnectionException {
    log.debug("out: {}", command);
    String frame = new String(codec.encode(command), UTF_8);
    send(socket -> socket.sendText(frame, /* last= */ true), SEND_LIMIT);
  }

  /**
   * Finds out whether the connection still takes something, by a pong that nobody asked for (RFC
   * 6455, section 5.5.3). Whoever waits calls it now and then: the JDK's WebSocket may lose the end
   * of a connection when it comes while the listener has not yet asked for more.
   */
  void probe() throws ConnectionException {
    send(socket -> socket.sendPong(ByteBuffer.allocate(0)), SEND_LIMIT);
  }

  private void send(Function<WebSocket, CompletableFuture<WebSocket>> message, Duration limit)
      throws ConnectionException {
    sending.lock();
    try {
      if (await(message.apply(socket.join()), limit).isEmpty()) {
        throw failed("it takes nothing any more");
      }
    } finally {
      sending.unlock();
    }
  }

  /** Waits; empty if it takes longer than {@code limit}. */
  private <T> Optional<T> await(CompletableFuture<T> future, Duration limit)
      throws ConnectionException {
    try {
      return Optional.of(future.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException e) {
      log.debug("failed", e);
      fail(ConnectionException.closed(CloseCode.dropped()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      fail(ConnectionException.lasting("this process is ending"));
    }
    throw end.join();
  }

  private ConnectionException failed(String because) {
    fail(ConnectionException.passing(because));
    return end.join();
  }

  /** The buffer that takes the session's events from now on, in place of an earlier one. */
  EventBuffer buffer(SessionId session, int capacity) {
    var buffer = new EventBuffer(capacity, () -> socket.join().request(1));
    buffers.put(session, buffer);
    if (end.isDone()) {
      buffer.end(end.join());
    }
    return buffer;
  }

  /** Closes as RFC 6455 has it, without waiting for the other end. */
  void close() {
    if (isOpen()) {
      try {
        send(socket -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""), CLOSE_LIMIT);
      } catch (ConnectionException e) {
        log.debug("close: {}", e.getMessage());
      }
      fail(ConnectionException.lasting("it was closed here"));
    }
  }

  private void fail(ConnectionException because) {
    ended(because);
    socket.join().abort();
  }

  @Override
  public boolean message(String text) {
    byte[] frame = text.getBytes(UTF_8);
    try {
      if (FrameType.isReply(frame)) {
        reply(codec.decodeReply(frame));
        return true;
      }
      return event(codec.decodeEvent(frame), text);
    } catch (IOException | WireFormatException e) {
      log.debug("in: {}", text, e);
      fail(ConnectionException.lasting("it sent what is no message of protocol version 1"));
      return false;
    }
  }

  private void reply(Reply reply) {
    log.debug("in: {}", reply);
    CommandId re =
        switch (reply) {
          case Reply.Welcome welcome -> welcome.re();
          case Reply.Ack ack -> ack.re();
          case Reply.Pong pong -> pong.re();
          case Reply.Nack nack -> nack.re().orElse(null);
        };
    CompletableFuture<Reply> asked = re == null ? null : waiting.get(re);
    if (asked != null) {
      asked.complete(reply);
    }
  }

  private boolean event(Event event, String text) {
    EventBuffer buffer = buffers.get(event.session());
    return buffer == null || buffer.put(new Received(event, text));
  }

  @Override
  public void ended(ConnectionException because) {
    if (end.complete(because)) {
      log.debug("ended: {}", because.getMessage());
      waiting.values().forEach(reply -> reply.completeExceptionally(because));
      buffers.values().forEach(buffer -> buffer.end(because));
    }
  }
}
