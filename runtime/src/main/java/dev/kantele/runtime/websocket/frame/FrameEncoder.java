package dev.kantele.runtime.websocket.frame;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import dev.kantele.runtime.websocket.deflate.Deflation;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Writes what this side sends: a batch in, the bytes of one write out, masked if this side is a
 * client and compressed if that was agreed on. A server without compression sends a batch as it is,
 * without a copy. Not thread-safe.
 */
public final class FrameEncoder implements AutoCloseable {
  private final @Nullable IntSupplier keys;
  private final @Nullable Deflation deflation;
  private final int compressedFrom;

  private byte[] output = {};
  private int end;

  /** Whether a message was begun and not ended; then the next field is about it. */
  private boolean inMessage;

  private boolean compressed;

  private FrameEncoder(
      @Nullable IntSupplier keys, @Nullable Deflation deflation, int compressedFrom) {
    this.keys = keys;
    this.deflation = deflation;
    this.compressedFrom = compressedFrom;
  }

  /** An encoder of a server that does not compress. */
  public static FrameEncoder server() {
    return new FrameEncoder(null, null, 0);
  }

  /** An encoder of a server that compresses as was agreed on. */
  public static FrameEncoder server(DeflateParameters agreed, DeflateSettings settings) {
    return new FrameEncoder(null, agreed.byServer(settings.level()), settings.fromBytes());
  }

  /**
   * An encoder of a client that does not compress.
   *
   * @param keys the masking keys, of which nobody may guess the next (RFC 6455, section 5.3)
   */
  public static FrameEncoder client(IntSupplier keys) {
    return new FrameEncoder(requireNonNull(keys, "keys"), null, 0);
  }

  /** An encoder of a client that compresses as was agreed on. */
  public static FrameEncoder client(
      IntSupplier keys, DeflateParameters agreed, DeflateSettings settings) {
    return new FrameEncoder(
        requireNonNull(keys, "keys"), agreed.byClient(settings.level()), settings.fromBytes());
  }

  /**
   * The bytes of {@code frames}. What is left of a fragmented message may come in a later batch.
   *
   * @throws IllegalStateException if a message begins within another, or goes on without one
   */
  public ByteString encode(Frames frames) {
    if (frames.hasFragments() || inMessage) {
      requireOrder(frames);
    }
    if (keys == null && deflation == null) {
      return frames.wireForm();
    }
    int room = deflation != null ? frames.wireBytes() : maskedBytes(frames);
    output = new byte[room];
    end = 0;
    for (int i = 0; i < frames.count(); i++) {
      write(frames, i);
    }
    byte[] written = output;
    output = new byte[0];
    return ByteString.fromArrayUnsafe(written, 0, end);
  }

  /** Lets go of memory outside the heap. */
  @Override
  public void close() {
    if (deflation != null) {
      deflation.close();
    }
  }

  private static int maskedBytes(Frames frames) {
    return Math.addExact(frames.wireBytes(), Math.multiplyExact(frames.count(), Wire.KEY_BYTES));
  }

  private void requireOrder(Frames frames) {
    boolean open = inMessage;
    for (int i = 0; i < frames.count(); i++) {
      Opcode opcode = frames.opcode(i);
      if (opcode.isControl()) {
        continue;
      }
      if (open != (opcode == Opcode.CONTINUATION)) {
        throw new IllegalStateException(
            "frame "
                + i
                + ": "
                + opcode
                + (open ? " (expected: CONTINUATION)" : " (expected: TEXT or BINARY)"));
      }
      open = !frames.isFinal(i);
    }
    inMessage = open;
  }

  private void write(Frames frames, int index) {
    int first = frames.first(index);
    int payload = frames.payloadStart(index);
    int bytes = frames.end(index) - payload;
    Opcode opcode = frames.opcode(index);
    if (deflation == null || opcode.isControl()) {
      write(first, frames.array(), payload, bytes);
      return;
    }
    if (opcode != Opcode.CONTINUATION) {
      // How much follows the first fragment is not known: it may be worth it.
      compressed = bytes >= compressedFrom || !frames.isFinal(index);
    }
    if (!compressed) {
      write(first, frames.array(), payload, bytes);
      return;
    }
    int packed = deflation.deflate(frames.array(), payload, bytes, frames.isFinal(index));
    int bits = opcode == Opcode.CONTINUATION ? first : first | Wire.RSV1;
    write(bits, deflation.output(), 0, packed);
  }

  private void write(int first, byte[] payload, int from, int bytes) {
    int header = Wire.headerBytes(bytes);
    ensure(header + Wire.KEY_BYTES + bytes);
    if (keys == null) {
      Wire.putHeader(output, end, first, 0, bytes);
      end += header;
      System.arraycopy(payload, from, output, end, bytes);
    } else {
      int key = keys.getAsInt();
      Wire.putHeader(output, end, first, Wire.MASKED, bytes);
      Masking.putKey(output, end + header, key);
      end += header + Wire.KEY_BYTES;
      Masking.copy(payload, from, output, end, bytes, key);
    }
    end += bytes;
  }

  private void ensure(int more) {
    int needed = Math.addExact(end, more);
    if (needed > output.length) {
      output = Arrays.copyOf(output, Math.max(needed, 2 * output.length));
    }
  }
}
