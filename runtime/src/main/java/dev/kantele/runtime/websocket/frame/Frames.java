package dev.kantele.runtime.websocket.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;

/**
 * A batch of frames: what came with one read, or what is to go with one write. A frame in it is a
 * whole message or a control frame; only where messages are handed over in pieces ({@link
 * FrameRules#inPieces}) it may be a fragment of one. Text is valid UTF-8.
 *
 * <p>The batch is one array: its frames in their wire form without masks (RFC 6455, section 5.2),
 * one after the other, and where each begins. So a server writes a batch as it is, and what one
 * connection received, another can send, without a copy.
 *
 * <p>Immutable, and for any thread: its array is made for it and never written again, so what is
 * taken out of it may be kept for as long as one likes. A {@link #payload} is a view that keeps the
 * array of the whole batch; who keeps a small one of a large batch for long calls {@link
 * ByteString#compact()} on it.
 */
public final class Frames {
  /** No frames. */
  public static final Frames NONE = new Frames(new byte[0], new int[] {0}, false, false);

  private final byte[] wire;

  /** Where each frame begins, and where the last one ends. */
  private final int[] bounds;

  private final boolean control;
  private final boolean fragments;

  /**
   * A batch that takes over both arrays.
   *
   * @param control whether there is a control frame among them
   * @param fragments whether there is one that is less than a message
   */
  Frames(byte[] wire, int[] bounds, boolean control, boolean fragments) {
    this.wire = wire;
    this.bounds = bounds;
    this.control = control;
    this.fragments = fragments;
  }

  /** A batch to be put together. */
  public static FramesBuilder builder() {
    return new FramesBuilder();
  }

  /** One text message; a surrogate without its other half becomes a question mark. */
  public static Frames text(String text) {
    return builder().text(text).build();
  }

  /** One binary message. */
  public static Frames binary(ByteString bytes) {
    return builder().binary(bytes).build();
  }

  /** One close frame; see {@link FramesBuilder#close}. */
  public static Frames close(int code, String reason) {
    return builder().close(code, reason).build();
  }

  /** How many frames there are. */
  public int count() {
    return bounds.length - 1;
  }

  public boolean isEmpty() {
    return bounds.length == 1;
  }

  /** What frame {@code index} is; 0 is the first one. */
  public Opcode opcode(int index) {
    return Opcode.of(first(index) & Wire.OPCODE);
  }

  /** Whether frame {@code index} ends its message. */
  public boolean isFinal(int index) {
    return (first(index) & Wire.FIN) != 0;
  }

  /** Bytes of the payload of frame {@code index}. */
  public int payloadBytes(int index) {
    return end(index) - payloadStart(index);
  }

  /** The payload of frame {@code index}: a view, not a copy. */
  public ByteString payload(int index) {
    return ByteString.fromArrayUnsafe(wire, payloadStart(index), payloadBytes(index));
  }

  /** The payload of frame {@code index} as text. */
  public String text(int index) {
    return new String(wire, payloadStart(index), payloadBytes(index), UTF_8);
  }

  /** The code of the close frame {@code index}; empty if it has none. */
  public OptionalInt closeCode(int index) {
    return payloadBytes(index) < 2
        ? OptionalInt.empty()
        : OptionalInt.of(Wire.readShort(wire, payloadStart(index)));
  }

  /** The reason in the close frame {@code index}; blank if it has none. */
  public String closeReason(int index) {
    int bytes = payloadBytes(index);
    return bytes <= 2 ? "" : new String(wire, payloadStart(index) + 2, bytes - 2, UTF_8);
  }

  /** Whether there are pings, pongs or a close among them. */
  public boolean hasControl() {
    return control;
  }

  /** These without pings, pongs and closes. */
  public Frames messages() {
    if (!control) {
      return this;
    }
    FramesBuilder messages = builder();
    for (int i = 0; i < count(); i++) {
      if (!opcode(i).isControl()) {
        messages.add(this, i);
      }
    }
    return messages.build();
  }

  /** All of them as a server sends them: a view, not a copy. */
  public ByteString wireForm() {
    return ByteString.fromArrayUnsafe(wire, bounds[0], wireBytes());
  }

  /** Bytes of the {@link #wireForm}. */
  public int wireBytes() {
    return bounds[bounds.length - 1] - bounds[0];
  }

  boolean hasFragments() {
    return fragments;
  }

  byte[] array() {
    return wire;
  }

  int start(int index) {
    return bounds[Objects.checkIndex(index, bounds.length - 1)];
  }

  int end(int index) {
    return bounds[Objects.checkIndex(index, bounds.length - 1) + 1];
  }

  int first(int index) {
    return wire[start(index)];
  }

  int payloadStart(int index) {
    int start = start(index);
    int length = wire[start + 1];
    return start
        + (length < Wire.LENGTH_16 ? 2 : length == Wire.LENGTH_16 ? 4 : Wire.MAX_HEADER_BYTES);
  }

  /** How many frames of how many bytes; not what is in them, which may be secret. */
  @Override
  public String toString() {
    return "Frames[" + count() + " of " + wireBytes() + " bytes]";
  }
}
