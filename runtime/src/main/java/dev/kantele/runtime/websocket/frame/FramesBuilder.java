package dev.kantele.runtime.websocket.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/**
 * Puts a batch of frames together. For one thread and one batch: after {@link #build} it begins a
 * new one.
 */
public final class FramesBuilder {
  private static final int FIRST_BYTES = 256;
  private static final int FIRST_FRAMES = 8;

  /** A close frame's payload is a code of two bytes and the reason. */
  private static final int MAX_REASON_BYTES = Wire.MAX_CONTROL_BYTES - 2;

  private byte[] wire = new byte[0];
  private int[] bounds = new int[FIRST_FRAMES];
  private int count;
  private boolean control;
  private boolean fragments;
  private boolean closed;

  FramesBuilder() {}

  /** Adds a text message; a surrogate without its other half becomes a question mark. */
  public FramesBuilder text(String text) {
    return utf8(text.getBytes(UTF_8));
  }

  /** Adds a text message whose bytes are UTF-8, which is not looked at. */
  public FramesBuilder utf8(byte[] text) {
    return add(Opcode.TEXT, text);
  }

  /** Adds a binary message. */
  public FramesBuilder binary(ByteString bytes) {
    return add(Opcode.BINARY, bytes.toArrayUnsafe());
  }

  /**
   * Adds a ping.
   *
   * @param data 125 bytes at the most
   */
  public FramesBuilder ping(ByteString data) {
    return control(Opcode.PING, data.toArrayUnsafe());
  }

  /**
   * Adds a pong.
   *
   * @param data 125 bytes at the most
   */
  public FramesBuilder pong(ByteString data) {
    return control(Opcode.PONG, data.toArrayUnsafe());
  }

  /**
   * Adds a close frame, after which there can't be another frame.
   *
   * @param code one that may be sent: 1000..1003, 1007..1014 or 3000..4999
   * @param reason cut to 123 bytes
   */
  public FramesBuilder close(int code, String reason) {
    if (!CloseCode.isSendable(code)) {
      throw new IllegalArgumentException(
          "code: " + code + " (expected: 1000..1003, 1007..1014 or 3000..4999)");
    }
    byte[] text = cut(reason).getBytes(UTF_8);
    byte[] payload = new byte[2 + text.length];
    Wire.putShort(payload, 0, code);
    System.arraycopy(text, 0, payload, 2, text.length);
    control(Opcode.CLOSE, payload);
    closed = true;
    return this;
  }

  /** Adds a close frame without a code. */
  public FramesBuilder close() {
    control(Opcode.CLOSE, new byte[0]);
    closed = true;
    return this;
  }

  /** Adds the answer to the close frame {@code index}: its code again (RFC 6455, section 5.5.1). */
  public FramesBuilder closeEcho(Frames frames, int index) {
    return frames.closeCode(index).isPresent()
        ? close(frames.closeCode(index).getAsInt(), "")
        : close();
  }

  /** Adds one frame of another batch. */
  public FramesBuilder add(Frames frames, int index) {
    int from = frames.start(index);
    int bytes = frames.end(index) - from;
    int at = begin(bytes);
    System.arraycopy(frames.array(), from, wire, at, bytes);
    Opcode opcode = frames.opcode(index);
    control |= opcode.isControl();
    fragments |= opcode == Opcode.CONTINUATION || !frames.isFinal(index);
    closed |= opcode == Opcode.CLOSE;
    return this;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /** Bytes of all that was added. */
  public int wireBytes() {
    return bounds[count];
  }

  /** The batch. */
  public Frames build() {
    if (count == 0) {
      return Frames.NONE;
    }
    var frames = new Frames(wire, Arrays.copyOf(bounds, count + 1), control, fragments);
    wire = new byte[0];
    count = 0;
    control = false;
    fragments = false;
    closed = false;
    return frames;
  }

  private FramesBuilder control(Opcode opcode, byte[] data) {
    if (data.length > Wire.MAX_CONTROL_BYTES) {
      throw new IllegalArgumentException(
          "data: " + data.length + " bytes (expected: at most " + Wire.MAX_CONTROL_BYTES + ")");
    }
    control = true;
    return add(opcode, data);
  }

  private FramesBuilder add(Opcode opcode, byte[] payload) {
    int header = Wire.headerBytes(payload.length);
    int at = begin(Math.addExact(header, payload.length));
    Wire.putHeader(wire, at, Wire.FIN | opcode.number(), 0, payload.length);
    System.arraycopy(payload, 0, wire, at + header, payload.length);
    return this;
  }

  /** Makes room for a frame and counts it; where it is to be written. */
  private int begin(int bytes) {
    if (closed) {
      throw new IllegalStateException("a frame after the close frame (expected: none)");
    }
    int at = bounds[count];
    int end = Math.addExact(at, bytes);
    if (end > wire.length) {
      // What is alone in its batch gets an array of its own size.
      int capacity = count == 0 ? bytes : Math.max(end, Math.max(FIRST_BYTES, 2 * at));
      wire = Arrays.copyOf(wire, capacity);
    }
    if (count + 1 == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[++count] = end;
    return at;
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
}
