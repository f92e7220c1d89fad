package dev.kantele.runtime.websocket.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Frames as a client writes them, right or wrong; written apart from the code that reads them. */
public final class ClientFrames {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};

  /** A whole text message. */
  public static byte[] text(String text) {
    return frame(true, TEXT, utf8(text));
  }

  /** A close frame. */
  public static byte[] close(int code, String reason) {
    byte[] text = utf8(reason);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >>> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return frame(true, CLOSE, payload);
  }

  /** Any frame, masked. */
  public static byte[] frame(boolean fin, int opcode, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write((fin ? 0x80 : 0) | opcode);
    writeLength(out, 0x80, payload.length);
    out.writeBytes(KEY);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ KEY[i % 4]);
    }
    return out.toByteArray();
  }

  /** A frame that is not masked. */
  public static byte[] unmasked(int opcode, byte[] payload) {
    return unmasked(true, opcode, payload);
  }

  /** A frame that is not masked, as a server writes it. */
  public static byte[] unmasked(boolean fin, int opcode, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write((fin ? 0x80 : 0) | opcode);
    writeLength(out, 0, payload.length);
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** All of these in a row. */
  public static byte[] all(byte[]... frames) {
    var out = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      out.writeBytes(frame);
    }
    return out.toByteArray();
  }

  /** The same frame with bits of its first byte set, such as 0x40 for RSV1. */
  public static byte[] with(int bits, byte[] frame) {
    byte[] changed = frame.clone();
    changed[0] |= (byte) bits;
    return changed;
  }

  /** The header of a masked frame that announces {@code length} bytes. */
  public static byte[] header(boolean fin, int opcode, long length) {
    var out = new ByteArrayOutputStream();
    out.write((fin ? 0x80 : 0) | opcode);
    writeLength(out, 0x80, length);
    out.writeBytes(KEY);
    return out.toByteArray();
  }

  /** The bytes of {@code text}. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void writeLength(ByteArrayOutputStream out, int mask, long length) {
    if (length >= 0 && length < 126) {
      out.write(mask | (int) length);
      return;
    }
    boolean wide = length < 0 || length > 0xFFFF;
    out.write(mask | (wide ? 127 : 126));
    for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8) {
      out.write((int) (length >>> shift));
    }
  }

  private ClientFrames() {}
}
