package dev.kantele.runtime.websocket.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;

/** Writes the frames of a server: never masked, never fragmented. */
public final class FrameWriter {
  private static final int FIN = 0x80;

  /** A close frame's payload is a code of two bytes and the reason. */
  private static final int MAX_REASON_BYTES = FrameHeader.MAX_CONTROL_BYTES - 2;

  /** The header of a text message of {@code bytes}. */
  public static byte[] textHeader(int bytes) {
    return header(FrameHeader.TEXT, bytes);
  }

  /** A text message; {@code utf8} is its text. */
  public static byte[] text(byte[] utf8) {
    return frame(FrameHeader.TEXT, utf8);
  }

  /** A ping without data. */
  public static byte[] ping() {
    return header(FrameHeader.PING, 0);
  }

  /** The answer to a ping. */
  public static byte[] pong(ByteString data) {
    return frame(FrameHeader.PONG, data.toArray());
  }

  /** A close frame; a reason that is too long for it is cut. */
  public static byte[] close(CloseCode code, String reason) {
    byte[] text = cut(reason).getBytes(StandardCharsets.UTF_8);
    ByteBuffer payload = ByteBuffer.allocate(2 + text.length);
    payload.putShort((short) code.number()).put(text);
    return frame(FrameHeader.CLOSE, payload.array());
  }

  /** The answer to a close frame: its code again (RFC 6455, section 5.5.1). */
  public static byte[] closeEcho(OptionalInt code) {
    if (code.isEmpty()) {
      return header(FrameHeader.CLOSE, 0);
    }
    return frame(
        FrameHeader.CLOSE, ByteBuffer.allocate(2).putShort((short) code.getAsInt()).array());
  }

  private static String cut(String reason) {
    int characters = 0;
    int bytes = 0;
    while (characters < reason.length()) {
      int character = reason.codePointAt(characters);
      bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
      if (bytes > MAX_REASON_BYTES) {
        break;
      }
      characters += Character.charCount(character);
    }
    return reason.substring(0, characters);
  }

  private static byte[] frame(int opcode, byte[] payload) {
    byte[] header = header(opcode, payload.length);
    byte[] frame = new byte[header.length + payload.length];
    System.arraycopy(header, 0, frame, 0, header.length);
    System.arraycopy(payload, 0, frame, header.length, payload.length);
    return frame;
  }

  private static byte[] header(int opcode, int bytes) {
    byte first = (byte) (FIN | opcode);
    if (bytes < 126) {
      return new byte[] {first, (byte) bytes};
    }
    if (bytes < 1 << 16) {
      return new byte[] {first, 126, (byte) (bytes >>> 8), (byte) bytes};
    }
    return ByteBuffer.allocate(10).put(first).put((byte) 127).putLong(bytes).array();
  }

  private FrameWriter() {}
}
