package dev.kantele.runtime.transport;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;

/** Bytes that wait to be written, in their order. Not thread-safe. */
final class Unsent {
  /** What is at least so large is written from where it is. */
  private static final int LARGE_BYTES = 8 * 1024;

  private final ArrayDeque<MemorySegment> waiting = new ArrayDeque<>();

  /** What of the first has been written. */
  private long written;

  private long bytes;

  void add(ByteString more) {
    for (ByteBuffer piece : more.getByteBuffers()) {
      if (piece.hasRemaining()) {
        waiting.add(MemorySegment.ofBuffer(piece));
      }
    }
    bytes += more.length();
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  /**
   * The next bytes to write, as many as can be had in one piece.
   *
   * @param buffer where smaller ones are gathered
   */
  MemorySegment next(MemorySegment buffer) {
    MemorySegment first = waiting.getFirst();
    if (first.byteSize() - written >= LARGE_BYTES) {
      return first.asSlice(written);
    }
    long size = 0;
    long skip = written;
    for (MemorySegment piece : waiting) {
      long take = Math.min(piece.byteSize() - skip, buffer.byteSize() - size);
      MemorySegment.copy(piece, skip, buffer, size, take);
      size += take;
      skip = 0;
      if (size == buffer.byteSize()) {
        break;
      }
    }
    return buffer.asSlice(0, size);
  }

  /** Forgets the first {@code count} bytes, which have been written. */
  void written(int count) {
    bytes -= count;
    long left = count;
    while (left > 0) {
      long of = waiting.getFirst().byteSize() - written;
      if (left < of) {
        written += left;
        return;
      }
      left -= of;
      written = 0;
      waiting.removeFirst();
    }
  }
}
