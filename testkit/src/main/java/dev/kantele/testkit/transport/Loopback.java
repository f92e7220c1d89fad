package dev.kantele.testkit.transport;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.codec.WireCodec;
import dev.kantele.runtime.surroundings.DirectStage;
import dev.kantele.testkit.world.SimulatedProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/**
 * A client's WebSocket to a node, and the client. It does what it is told and nothing by itself but
 * answer pings and a close. Confined to the test's thread.
 */
public final class Loopback {
  private static final int SEND_BUFFER = 100_000;
  private static final int TYPE_BYTES = 24;
  private static final List<String> REPLIES =
      Stream.of("welcome", "ack", "pong", "nack")
          .map(type -> "{\"type\":\"" + type + "\"")
          .toList();

  private final SimulatedProcess process;
  private final SourceQueueWithComplete<ByteString> toNode;
  private final SinkQueueWithCancel<ByteString> fromNode;
  private final WireCodec codec = new WireCodec();
  private final ClientFrames frames = new ClientFrames();
  private final List<Reply> replies = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final Map<CommandId, CompletableFuture<Reply>> asked = new LinkedHashMap<>();
  private final List<Consumer<Event>> listeners = new ArrayList<>();

  /** What is on its way. */
  private final Queue<Runnable> outgoing = new ArrayDeque<>();

  private final Queue<Runnable> incoming = new ArrayDeque<>();
  private final CompletableFuture<OptionalInt> closed = new CompletableFuture<>();
  private Duration delay = Duration.ZERO;
  private int piece = Integer.MAX_VALUE;
  private boolean reading = true;
  private boolean pulling;
  private OptionalInt closeCode = OptionalInt.empty();

  /**
   * Connects.
   *
   * @param process in which the client runs
   * @param connection the node's end
   * @param materializer the node's
   */
  public Loopback(
      SimulatedProcess process,
      Flow<ByteString, ByteString, NotUsed> connection,
      Materializer materializer) {
    this.process = requireNonNull(process, "process");
    var running =
        Source.<ByteString>queue(SEND_BUFFER, OverflowStrategy.fail())
            .via(connection)
            .toMat(
                Sink.<ByteString>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
            .run(materializer);
    this.toNode = running.first();
    this.fromNode = running.second();
    pull();
  }

  /** Has bytes take so long from now on, in both directions. */
  public Loopback delays(Duration duration) {
    delay = requireNonNull(duration, "duration");
    return this;
  }

  /** Has bytes come in pieces of at most so many from now on, in both directions. */
  public Loopback splits(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: 1 or more)");
    }
    piece = bytes;
    return this;
  }

  /** Cuts the connection: neither side hears more of the other, and both notice. */
  public void cut() {
    toNode.fail(new IOException("cut"));
    fromNode.cancel();
    end();
  }

  /** Reads nothing any more, as a tab that hangs; the node's sends fill the socket. */
  public void stopReading() {
    reading = false;
  }

  /** Reads again. */
  public void goOnReading() {
    reading = true;
    pull();
  }

  /** Whether nobody has closed or cut it. */
  public boolean isOpen() {
    return !closed.isDone();
  }

  /** Completes when it is closed, with the code of the node's close frame if there was one. */
  public CompletionStage<OptionalInt> closed() {
    return closed;
  }

  /** Says hello as {@code client}, without a token. */
  public CompletionStage<Reply> hello(String client) {
    return ask(
        new Command.Hello(
            new CommandId("hello"), List.of(1), new ClientId(client), Optional.empty()));
  }

  /** Sends a command. */
  public void send(Command command) {
    sendBytes(ClientFrames.text(codec.encode(command)));
  }

  /** Sends a text message, be it a command or not. */
  public void sendText(String text) {
    sendBytes(ClientFrames.text(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Sends a command; completes with its reply, and fails if the connection ends before. */
  public CompletionStage<Reply> ask(Command command) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    if (!isOpen()) {
      reply.completeExceptionally(new IOException("the connection is closed"));
      return reply;
    }
    asked.put(command.id(), reply);
    send(command);
    return reply;
  }

  /** Sends any bytes. */
  public void sendBytes(byte[] bytes) {
    for (int from = 0; from < bytes.length; from += Math.min(piece, bytes.length - from)) {
      int length = Math.min(piece, bytes.length - from);
      ByteString some = ByteString.fromArray(bytes, from, length);
      later(outgoing, () -> offer(some));
    }
  }

  private void offer(ByteString bytes) {
    if (isOpen()) {
      toNode.offer(bytes);
    }
  }

  /** All replies that came, in order. */
  public List<Reply> replies() {
    return Collections.unmodifiableList(replies);
  }

  /** All events that came, in order, of all sessions. */
  public List<Event> events() {
    return Collections.unmodifiableList(events);
  }

  /** Tells {@code listener} of each event from now on. */
  public void onEvent(Consumer<Event> listener) {
    listeners.add(listener);
  }

  private void pull() {
    if (!reading || pulling || !isOpen()) {
      return;
    }
    pulling = true;
    var _ =
        DirectStage.of(fromNode.pull())
            .whenComplete(
                (bytes, failure) ->
                    process.execute(
                        () -> {
                          pulling = false;
                          if (failure != null || bytes.isEmpty()) {
                            later(incoming, this::end);
                          } else {
                            take(bytes.get());
                            pull();
                          }
                        }));
  }

  private void take(ByteString bytes) {
    ByteString rest = bytes;
    while (!rest.isEmpty()) {
      byte[] some = rest.take(piece).toArray();
      rest = rest.drop(some.length);
      later(incoming, () -> arrive(some));
    }
  }

  /* Of what is due at the same time the world may take any first; the bytes keep their order. */
  private void later(Queue<Runnable> direction, Runnable action) {
    direction.add(action);
    if (delay.isZero() && direction.size() == 1) {
      direction.remove().run();
    } else {
      process.schedule(delay, () -> direction.remove().run());
    }
  }

  private void arrive(byte[] bytes) {
    if (!isOpen()) {
      return;
    }
    frames.offer(bytes);
    for (var frame = frames.next(); frame.isPresent(); frame = frames.next()) {
      handle(frame.get());
    }
  }

  private void handle(ClientFrames.Frame frame) {
    switch (frame.opcode()) {
      case ClientFrames.TEXT -> message(frame.payload().toArray());
      case ClientFrames.PING ->
          sendBytes(ClientFrames.frame(ClientFrames.PONG, frame.payload().toArray()));
      case ClientFrames.CLOSE -> {
        if (frame.payload().size() >= 2) {
          closeCode =
              OptionalInt.of(ByteBuffer.wrap(frame.payload().toArray()).getShort() & 0xFFFF);
        }
        sendBytes(ClientFrames.frame(ClientFrames.CLOSE, frame.payload().toArray()));
      }
      default -> {}
    }
  }

  private void message(byte[] json) {
    if (isReply(json)) {
      Reply reply = codec.decodeReply(json);
      replies.add(reply);
      id(reply).map(asked::remove).ifPresent(waiting -> waiting.complete(reply));
    } else {
      Event event = codec.decodeEvent(json);
      events.add(event);
      listeners.forEach(listener -> listener.accept(event));
    }
  }

  private static Optional<CommandId> id(Reply reply) {
    return switch (reply) {
      case Reply.Welcome welcome -> Optional.of(welcome.re());
      case Reply.Ack ack -> Optional.of(ack.re());
      case Reply.Pong pong -> Optional.of(pong.re());
      case Reply.Nack nack -> nack.re();
    };
  }

  /* The node writes the type first. */
  private static boolean isReply(byte[] json) {
    String begin = new String(json, 0, Math.min(json.length, TYPE_BYTES), StandardCharsets.UTF_8);
    return REPLIES.stream().anyMatch(begin::startsWith);
  }

  /** The process of the other end is gone, or it has closed. */
  public void end() {
    if (closed.complete(closeCode)) {
      asked
          .values()
          .forEach(reply -> reply.completeExceptionally(new IOException("the connection ended")));
      asked.clear();
    }
  }
}
