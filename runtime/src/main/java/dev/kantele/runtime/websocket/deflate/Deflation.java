package dev.kantele.runtime.websocket.deflate;

import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Deflates the messages of this side (RFC 7692, section 7.2.1). The memory outside the heap, some
 * 260 KiB, is taken with the first message. Not thread-safe.
 *
 * <p>The JDK's {@link Deflater} has one window, of 2^15 bytes. A smaller one is kept by a full
 * flush each time that so many bytes went in: nothing after it refers to anything before it, so no
 * reference is longer than the window.
 */
public final class Deflation implements AutoCloseable {
  /** What a flush ends with, and what is left out of a message. */
  private static final int TAIL_BYTES = 4;

  /** What is read from the deflater at a time has at least this much room. */
  private static final int ROOM_BYTES = 64;

  /** Memory above this is not kept for the next message. */
  private static final int KEPT_BYTES = 64 * 1024;

  private final int level;
  private final boolean keepsContext;

  /** Bytes that go in between two full flushes; 0 if none are needed. */
  private final int windowBytes;

  private @Nullable Deflater deflater;
  private boolean closed;
  private int sinceFullFlush;
  private byte[] output = new byte[0];
  private int outputBytes;

  /**
   * One that has not seen a message.
   *
   * @param level 1 (fast) to 9 (small)
   * @param keepsContext whether a message may refer to those before it
   * @param windowBits how far a reference may go back: 2^8 to 2^15 bytes
   */
  public Deflation(int level, boolean keepsContext, int windowBits) {
    DeflateSettings.requireWithin("level", level, 1, 9);
    DeflateSettings.requireWindow("windowBits", windowBits);
    this.level = level;
    this.keepsContext = keepsContext;
    this.windowBytes = windowBits == DeflateParameters.MAX_WINDOW_BITS ? 0 : 1 << windowBits;
  }

  /**
   * Deflates a fragment of a message, or all of it.
   *
   * @param last whether the message ends with it
   * @return how many bytes it became; they are in {@link #output} until the next call
   */
  public int deflate(byte[] bytes, int from, int length, boolean last) {
    if (closed) {
      throw new IllegalStateException("closed (expected: open)");
    }
    Deflater active = deflater;
    if (active == null) {
      active = new Deflater(level, /* nowrap= */ true);
      deflater = active;
    }
    outputBytes = 0;
    if (output.length > KEPT_BYTES) {
      output = new byte[0];
    }
    int at = from;
    int end = from + length;
    while (at < end) {
      if (windowBytes > 0 && sinceFullFlush == windowBytes) {
        drain(active, Deflater.FULL_FLUSH);
        sinceFullFlush = 0;
      }
      int step = windowBytes == 0 ? end - at : Math.min(end - at, windowBytes - sinceFullFlush);
      active.setInput(bytes, at, step);
      drain(active, Deflater.NO_FLUSH);
      at += step;
      sinceFullFlush += windowBytes == 0 ? 0 : step;
    }
    drain(active, Deflater.SYNC_FLUSH);
    if (last) {
      end(active);
    }
    return outputBytes;
  }

  /** What the last call of {@link #deflate} wrote, from its beginning. */
  public byte[] output() {
    return output;
  }

  /** Gives its memory back; nothing can be deflated any more. */
  @Override
  public void close() {
    closed = true;
    if (deflater != null) {
      deflater.close();
      deflater = null;
    }
  }

  private void end(Deflater active) {
    if (outputBytes >= TAIL_BYTES) {
      outputBytes -= TAIL_BYTES;
    } else {
      // There was nothing to flush. What the peer adds makes an empty block of this one byte
      // (RFC 7692, section 7.2.3.6).
      makeRoom();
      output[0] = 0;
      outputBytes = 1;
    }
    if (!keepsContext) {
      active.reset();
      sinceFullFlush = 0;
    }
  }

  private void drain(Deflater active, int flush) {
    int written;
    int room;
    do {
      makeRoom();
      room = output.length - outputBytes;
      written = active.deflate(output, outputBytes, room, flush);
      outputBytes += written;
    } while (written == room);
  }

  private void makeRoom() {
    if (output.length - outputBytes < ROOM_BYTES) {
      output = Arrays.copyOf(output, Math.max(4 * ROOM_BYTES, 2 * output.length));
    }
  }
}
