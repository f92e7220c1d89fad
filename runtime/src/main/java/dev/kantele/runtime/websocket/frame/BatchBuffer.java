package dev.kantele.runtime.websocket.frame;

import java.util.Arrays;

/**
 * The array of a batch while frames are written into it, and where they begin and end. What is
 * written behind the last frame that was ended does not count.
 */
final class BatchBuffer {
  private static final byte[] NO_BYTES = {};
  private static final int FIRST_BYTES = 1024;
  private static final int FIRST_FRAMES = 16;

  /** The largest array that every JVM gives. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  /** A table of frames above this is not kept for the next batch. */
  private static final int KEPT_FRAMES = 1024;

  /** An array of which more than this is not used, and more than is used, is copied. */
  private static final int WASTED_BYTES = 256;

  byte[] bytes = NO_BYTES;
  private int[] bounds = new int[FIRST_FRAMES];
  private int count;
  private boolean control;
  private boolean fragments;

  boolean isEmpty() {
    return count == 0;
  }

  /** Where the last frame ends. */
  int end() {
    return bounds[count];
  }

  /** Drops what is behind the last frame, and the array with it if there is no frame. */
  void dropRest() {
    if (count == 0) {
      bytes = NO_BYTES;
    }
  }

  /**
   * Makes the array at least {@code needed} bytes long, with as much more as to come through with
   * few copies.
   *
   * @param expected how long it may have to become
   */
  void ensure(int needed, long expected) {
    if (needed > bytes.length) {
      long generous = Math.min(Math.min(expected, MAX_BYTES), Math.max(2L * needed, FIRST_BYTES));
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, generous));
    }
  }

  /**
   * Ends a frame whose payload is {@code bytes[payload..end)}. Its header is written in front of
   * it; where there is too little room for it, or a gap would be left between two frames, the
   * payload is moved.
   *
   * @param gap room in front of the payload, up to the frame before
   * @param first the first byte of the header
   */
  void endFrame(int payload, int end, int gap, int first) {
    int length = end - payload;
    int header = Wire.headerBytes(length);
    int start = payload - gap;
    int newEnd = end;
    if (count == 0 && header <= gap) {
      start = payload - header;
      bounds[0] = start;
    } else if (header != gap) {
      newEnd = end - gap + header;
      ensure(newEnd, newEnd);
      System.arraycopy(bytes, payload, bytes, start + header, length);
    }
    Wire.putHeader(bytes, start, first, 0, length);
    if (count + 1 == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[++count] = newEnd;
    int opcode = first & Wire.OPCODE;
    control |= (opcode & Opcode.CONTROL_BIT) != 0;
    fragments |= opcode == 0 || (first & Wire.FIN) == 0;
  }

  /** The batch; then this is empty. */
  Frames take() {
    if (count == 0) {
      return Frames.NONE;
    }
    int end = bounds[count];
    int wasted = bytes.length - end;
    byte[] wire = wasted > WASTED_BYTES && wasted > end ? Arrays.copyOf(bytes, end) : bytes;
    var batch = new Frames(wire, Arrays.copyOf(bounds, count + 1), control, fragments);
    if (bounds.length > KEPT_FRAMES) {
      bounds = new int[FIRST_FRAMES];
    }
    bytes = NO_BYTES;
    bounds[0] = 0;
    count = 0;
    control = false;
    fragments = false;
    return batch;
  }
}
