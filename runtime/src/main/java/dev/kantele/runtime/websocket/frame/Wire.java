package dev.kantele.runtime.websocket.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bits of a frame's header (RFC 6455, section 5.2). */
final class Wire {
  static final int FIN = 0x80;
  static final int RSV1 = 0x40;
  static final int RESERVED = 0x70;
  static final int OPCODE = 0x0F;
  static final int MASKED = 0x80;
  static final int LENGTH = 0x7F;

  /** In place of a length: it follows in two bytes, or in eight. */
  static final int LENGTH_16 = 126;

  static final int LENGTH_64 = 127;

  static final int KEY_BYTES = 4;
  static final int MAX_CONTROL_BYTES = 125;

  /** The longest header without a key, and with one. */
  static final int MAX_HEADER_BYTES = 10;

  static final int MAX_MASKED_HEADER_BYTES = MAX_HEADER_BYTES + KEY_BYTES;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  static int readShort(byte[] bytes, int at) {
    return (short) SHORTS.get(bytes, at) & 0xFFFF;
  }

  static void putShort(byte[] bytes, int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }

  static long readLong(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  /** Bytes of the header, without a key, of a frame with {@code length} bytes of payload. */
  static int headerBytes(int length) {
    return length < LENGTH_16 ? 2 : length <= 0xFFFF ? 4 : MAX_HEADER_BYTES;
  }

  /**
   * Writes a header without its key, in as few bytes as it can be.
   *
   * @param first its first byte
   * @param masked {@link #MASKED} or 0
   */
  static void putHeader(byte[] bytes, int at, int first, int masked, int length) {
    bytes[at] = (byte) first;
    if (length < LENGTH_16) {
      bytes[at + 1] = (byte) (masked | length);
    } else if (length <= 0xFFFF) {
      bytes[at + 1] = (byte) (masked | LENGTH_16);
      SHORTS.set(bytes, at + 2, (short) length);
    } else {
      bytes[at + 1] = (byte) (masked | LENGTH_64);
      LONGS.set(bytes, at + 2, (long) length);
    }
  }

  private Wire() {}
}
