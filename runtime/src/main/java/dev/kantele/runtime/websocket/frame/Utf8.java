package dev.kantele.runtime.websocket.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether bytes that come in pieces are UTF-8 (RFC 3629): said at the first byte that can't be.
 * Follows the table of well-formed sequences in the Unicode standard (table 3-7), in which only the
 * second byte of a sequence has bounds of its own. Not thread-safe.
 */
final class Utf8 {
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LOWEST = 0x80;
  private static final int HIGHEST = 0xBF;

  /** Bytes that the character at the end of the last piece still lacks. */
  private int missing;

  /** What the next of them may be. */
  private int low = LOWEST;

  private int high = HIGHEST;

  /** Whether the bytes so far end with a whole character. */
  boolean isComplete() {
    return missing == 0;
  }

  /** Begins a new text. */
  void reset() {
    missing = 0;
    low = LOWEST;
    high = HIGHEST;
  }

  /** Takes a piece; false if it makes the text wrong, and then this must be {@link #reset}. */
  boolean take(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (missing > 0) {
        int next = bytes[at++] & 0xFF;
        if (next < low || next > high) {
          return false;
        }
        low = LOWEST;
        high = HIGHEST;
        missing--;
      } else if (bytes[at] >= 0) {
        at = endOfAscii(bytes, at + 1, to);
      } else if (to - at >= 3 && bytes[at] >= (byte) 0xE1 && bytes[at] < (byte) 0xED) {
        // Whole sequences of two bytes, and most of three, without the detour over the fields.
        if (bytes[at + 1] > (byte) HIGHEST || bytes[at + 2] > (byte) HIGHEST) {
          return false;
        }
        at += 3;
      } else if (to - at >= 2 && bytes[at] >= (byte) 0xC2 && bytes[at] < (byte) 0xE0) {
        if (bytes[at + 1] > (byte) HIGHEST) {
          return false;
        }
        at += 2;
      } else if (!begin(bytes[at++] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  private static int endOfAscii(byte[] bytes, int from, int to) {
    int at = from;
    while (at <= to - 8 && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
      at += 8;
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  private boolean begin(int lead) {
    if (lead < 0xC2 || lead > 0xF4) {
      return false;
    }
    missing = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    switch (lead) {
      case 0xE0 -> low = 0xA0;
      case 0xED -> high = 0x9F;
      case 0xF0 -> low = 0x90;
      case 0xF4 -> high = 0x8F;
      default -> {}
    }
    return true;
  }
}
