package dev.kantele.runtime.transport;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.apache.pekko.util.ByteString;

/** Bytes that wait to be written, in their order. Not thread-safe. */
final class Unsent {
  /** What is at least so large is written from where it is. */
  private static final int LARGE_BYTES = 8 * 1024;

  private final ArrayDeque<ByteString> waiting = new ArrayDeque<>();

  /** What of the first has been written. */
  private int written;

  private long bytes;

  void add(ByteString more) {
    if (!more.isEmpty()) {
      waiting.add(more);
      bytes += more.length();
    }
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
   * @param segment all of {@code buffer}
   */
  MemorySegment next(byte[] buffer, MemorySegment segment) {
    ByteString first = waiting.getFirst();
    int left = first.length() - written;
    if (left >= LARGE_BYTES) {
      return MemorySegment.ofBuffer(first.asByteBuffer()).asSlice(written, left);
    }
    int size = 0;
    int skip = written;
    for (ByteString piece : waiting) {
      int take = Math.min(piece.length() - skip, buffer.length - size);
      copy(piece, skip, take, buffer, size);
      size += take;
      skip = 0;
      if (size == buffer.length) {
        break;
      }
    }
    return segment.asSlice(0, size);
  }

  private static void copy(ByteString from, int skip, int length, byte[] to, int at) {
    (skip == 0 ? from : from.drop(skip)).copyToArray(to, at, length);
  }

  /** Forgets the first {@code count} bytes, which have been written. */
  void written(int count) {
    bytes -= count;
    int left = count;
    while (left > 0) {
      int of = waiting.getFirst().length() - written;
      if (left < of) {
        written += left;
        return;
      }
      left -= of;
      written = 0;
      waiting.removeFirst();
    }
  }

  void clear() {
    waiting.clear();
    written = 0;
    bytes = 0;
  }
}
