package dev.kantele.runtime.websocket;

import dev.kantele.runtime.websocket.frame.FrameEncoder;
import dev.kantele.runtime.websocket.frame.Frames;
import dev.kantele.runtime.websocket.frame.FramesBuilder;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;

/**
 * What waits to be written. Replies, pings, pongs and the close frame go ahead of events; an event
 * is taken from its source only when the socket takes it. Confined to its connection's stream.
 */
final class Outbox {
  private final int chunkBytes;
  private final FrameEncoder encoder;
  private final Supplier<Optional<byte[]>> events;
  private final ArrayDeque<Frames> urgent = new ArrayDeque<>();
  private int urgentBytes;
  private boolean closed;

  /** What was encoded and is not written yet. */
  private ByteString encoded = ByteString.emptyByteString();

  /**
   * An outbox that is empty.
   *
   * @param chunkBytes how much is written at once
   * @param events gives the text of the next event, if there is one
   */
  Outbox(int chunkBytes, FrameEncoder encoder, Supplier<Optional<byte[]>> events) {
    this.chunkBytes = chunkBytes;
    this.encoder = encoder;
    this.events = events;
  }

  /** Adds frames that go ahead of all events. */
  void add(Frames frames) {
    if (!closed) {
      urgent.addLast(frames);
      urgentBytes += frames.wireBytes();
    }
  }

  /** Adds the last frame; what is added later, and every event, is dropped. */
  void close(Frames frame) {
    add(frame);
    closed = true;
  }

  /** Bytes of the frames that go ahead of events. */
  int urgentBytes() {
    return urgentBytes;
  }

  /** Whether a frame waits that needs no event source. */
  boolean hasUrgent() {
    return !encoded.isEmpty() || !urgent.isEmpty();
  }

  /** Takes what is written next: {@code chunkBytes} at the most, empty if there is nothing. */
  ByteString take() {
    if (encoded.length() < chunkBytes) {
      ByteString more = encoder.encode(nextBatch(chunkBytes - encoded.length()));
      encoded = encoded.isEmpty() ? more : encoded.concat(more);
    }
    ByteString chunk = encoded.take(chunkBytes);
    encoded = encoded.drop(chunkBytes);
    return chunk;
  }

  private Frames nextBatch(int bytes) {
    FramesBuilder batch = Frames.builder();
    while (batch.wireBytes() < bytes) {
      Frames frames = urgent.pollFirst();
      if (frames != null) {
        urgentBytes -= frames.wireBytes();
        for (int i = 0; i < frames.count(); i++) {
          batch.add(frames, i);
        }
      } else {
        Optional<byte[]> event = closed ? Optional.empty() : events.get();
        if (event.isEmpty()) {
          break;
        }
        batch.utf8(event.get());
      }
    }
    return batch.build();
  }
}
