package dev.kantele.runtime.websocket.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.websocket.frame.FrameDecoder;
import dev.kantele.runtime.websocket.frame.FrameLimits;
import dev.kantele.runtime.websocket.frame.FrameRules;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/** A stage whose four ends are in a test's hand. Waits ten seconds at the most. */
final class TestConnection<M> {
  private final Role role;
  private final SourceQueueWithComplete<ByteString> bytes;
  private final SinkQueueWithCancel<ByteString> written;
  private final SinkQueueWithCancel<Frames> messages;
  private final SourceQueueWithComplete<Frames> sender;
  private final M materialized;
  private final FrameDecoder reader;

  /** The stage of a side with a role. */
  TestConnection(
      ActorSystem<?> system, Role role, BidiFlow<ByteString, Frames, Frames, ByteString, M> stage) {
    this.role = role;
    Flow<Frames, Frames, Pair<SinkQueueWithCancel<Frames>, SourceQueueWithComplete<Frames>>> user =
        Flow.fromSinkAndSourceMat(
            Sink.<Frames>queue(1),
            Source.<Frames>queue(16, OverflowStrategy.backpressure()),
            Keep.both());
    var running =
        Source.<ByteString>queue(16, OverflowStrategy.backpressure())
            .viaMat(stage.join(user, Keep.both()), Keep.both())
            .toMat(
                Sink.<ByteString>queue(1).withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
            .run(system);
    bytes = running.first().first();
    materialized = running.first().second().first();
    messages = running.first().second().second().first();
    sender = running.first().second().second().second();
    written = running.second();
    Role other = role == Role.SERVER ? Role.CLIENT : Role.SERVER;
    reader = new FrameDecoder(FrameRules.of(other, FrameLimits.of(1 << 20)), Optional.empty());
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  M materialized() {
    return materialized;
  }

  /** The peer sends frames, in one read. */
  void receives(PeerFrame... frames) {
    ByteString read = ByteString.emptyByteString();
    for (PeerFrame frame : frames) {
      read = read.concat(ByteString.fromArray(frame.wire(role == Role.SERVER)));
    }
    receives(read);
  }

  void receives(ByteString read) {
    get(bytes.offer(read));
  }

  /** Whether the stage still reads. */
  boolean isRead() {
    return !bytes.watchCompletion().toCompletableFuture().isDone();
  }

  /** Waits until the stage does not read any more. */
  void isNotReadAnyMore() {
    get(bytes.watchCompletion());
  }

  /** The peer ends the connection. */
  void ends() {
    bytes.complete();
  }

  void sends(Frames frames) {
    get(sender.offer(frames));
  }

  void completes() {
    sender.complete();
  }

  void fails(Throwable cause) {
    sender.fail(cause);
  }

  void cancelsMessages() {
    messages.cancel();
  }

  /** The next write; nothing if the stage has completed. */
  Optional<ByteString> write() {
    return get(written.pull());
  }

  /** The frames of the next write. */
  List<String> nextWrite() {
    return lines(write().orElseThrow());
  }

  List<String> lines(ByteString bytesWritten) {
    var lines = new ArrayList<String>();
    reader.offer(bytesWritten);
    for (Frames frames = reader.next(); !frames.isEmpty(); frames = reader.next()) {
      for (int i = 0; i < frames.count(); i++) {
        lines.add(EchoPeer.line(frames.opcode(i).number(), frames.payload(i).toArray()));
      }
    }
    assertThat(reader.violation()).isEmpty();
    return lines;
  }

  /** The texts of the next batch of messages; nothing if they have completed. */
  Optional<List<String>> nextMessages() {
    return get(messages.pull())
        .map(
            frames -> {
              var texts = new ArrayList<String>();
              for (int i = 0; i < frames.count(); i++) {
                texts.add(frames.text(i));
              }
              return texts;
            });
  }
}
