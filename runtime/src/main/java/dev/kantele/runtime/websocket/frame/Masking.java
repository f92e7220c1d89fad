package dev.kantele.runtime.websocket.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The masking of a client's payloads (RFC 6455, section 5.3), on the way from one array to another
 * and many bytes at a time. A key is held as an int whose lowest byte masks the payload's first
 * one.
 */
final class Masking {
  /** Set in the result of {@link #copy} for bytes that are not ASCII. */
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** The key in the four bytes at {@code at}. */
  static int key(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  /** Writes a key as four bytes. */
  static void putKey(byte[] bytes, int at, int key) {
    INTS.set(bytes, at, key);
  }

  /** The key for the rest of a payload of which {@code taken} bytes are done. */
  static int rotate(int key, long taken) {
    return Integer.rotateRight(key, (int) (taken & 3) * 8);
  }

  /**
   * Copies {@code length} bytes and masks, or unmasks, them; with the key 0 they stay the same.
   *
   * @return whether all bytes that were written are ASCII
   */
  static boolean copy(byte[] from, int fromAt, byte[] to, int toAt, int length, int key) {
    long wide = (key & 0xFFFF_FFFFL) * 0x1_0000_0001L;
    long seen = 0;
    int at = 0;
    for (; at <= length - 32; at += 32) {
      long a = (long) LONGS.get(from, fromAt + at) ^ wide;
      long b = (long) LONGS.get(from, fromAt + at + 8) ^ wide;
      long c = (long) LONGS.get(from, fromAt + at + 16) ^ wide;
      long d = (long) LONGS.get(from, fromAt + at + 24) ^ wide;
      LONGS.set(to, toAt + at, a);
      LONGS.set(to, toAt + at + 8, b);
      LONGS.set(to, toAt + at + 16, c);
      LONGS.set(to, toAt + at + 24, d);
      seen |= (a | b) | (c | d);
    }
    for (; at <= length - 8; at += 8) {
      long a = (long) LONGS.get(from, fromAt + at) ^ wide;
      LONGS.set(to, toAt + at, a);
      seen |= a;
    }
    for (; at < length; at++) {
      byte a = (byte) (from[fromAt + at] ^ (wide >>> ((at & 7) * 8)));
      to[toAt + at] = a;
      seen |= a;
    }
    return (seen & HIGH_BITS) == 0;
  }

  private Masking() {}
}
