package dev.kantele.runtime.websocket.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of a client's payloads (RFC 6455, section 5.3), eight bytes at a time. */
final class Masking {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /**
   * Masks or unmasks {@code bytes[from..to)} in place.
   *
   * @param phase how many bytes of the payload came before
   */
  static void apply(byte[] bytes, int from, int to, int mask, long phase) {
    int key = Integer.rotateLeft(mask, (int) (phase & 3) * 8);
    long wide = ((long) key << 32) | (key & 0xFFFF_FFFFL);
    int at = from;
    for (; at <= to - 8; at += 8) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ wide);
    }
    for (; at < to; at++) {
      bytes[at] ^= (byte) (key >>> (24 - ((at - from) & 3) * 8));
    }
  }

  private Masking() {}
}
