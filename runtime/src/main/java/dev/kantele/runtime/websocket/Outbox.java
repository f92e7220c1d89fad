package dev.kantele.runtime.websocket;

import dev.kantele.runtime.websocket.frame.FrameWriter;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written. Replies, pings, pongs and the close frame go ahead of events; an event
 * is taken from its source only when the socket takes it. Confined to its connection's stream.
 */
final class Outbox {
  private final int chunkBytes;
  private final Supplier<Optional<byte[]>> events;
  private final ArrayDeque<byte[]> urgent = new ArrayDeque<>();
  private int urgentBytes;
  private boolean closed;

  /** What is partly written, and how far. */
  private byte @Nullable [] current;

  private int written;

  /**
   * An outbox that is empty.
   *
   * @param chunkBytes how much is written at once
   * @param events gives the text of the next event, if there is one
   */
  Outbox(int chunkBytes, Supplier<Optional<byte[]>> events) {
    this.chunkBytes = chunkBytes;
    this.events = events;
  }

  /** Adds a frame that goes ahead of all events. */
  void add(byte[] frame) {
    if (!closed) {
      urgent.addLast(frame);
      urgentBytes += frame.length;
    }
  }

  /** Adds the last frame; what is added later, and every event, is dropped. */
  void close(byte[] frame) {
    add(frame);
    closed = true;
  }

  /** Bytes of the frames that go ahead of events. */
  int urgentBytes() {
    return urgentBytes;
  }

  /** Whether a frame waits that needs no event source. */
  boolean hasUrgent() {
    return current != null || !urgent.isEmpty();
  }

  /**
   * Takes what is written next: about {@code chunkBytes} at the most, empty if there is nothing.
   */
  ByteString take() {
    var chunk = new ByteStringBuilder();
    while (chunk.length() < chunkBytes) {
      byte[] frame = current == null ? next(chunk) : current;
      if (frame == null) {
        break;
      }
      int bytes = Math.min(frame.length - written, Math.max(1, chunkBytes - chunk.length()));
      chunk.putBytes(frame, written, bytes);
      written += bytes;
      current = written < frame.length ? frame : null;
    }
    return chunk.result();
  }

  private byte @Nullable [] next(ByteStringBuilder chunk) {
    written = 0;
    byte[] frame = urgent.pollFirst();
    if (frame != null) {
      urgentBytes -= frame.length;
      return frame;
    }
    if (closed) {
      return null;
    }
    byte[] event = events.get().orElse(null);
    if (event != null) {
      chunk.putBytes(FrameWriter.textHeader(event.length));
    }
    return event;
  }
}
