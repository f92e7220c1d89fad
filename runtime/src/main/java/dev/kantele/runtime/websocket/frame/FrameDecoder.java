package dev.kantele.runtime.websocket.frame;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.Inflation;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a peer sends: bytes in, batches of frames out, as strictly as RFC 6455 and RFC 7692
 * ask. How the bytes are cut into pieces makes no difference to what comes out, nor to when a
 * violation is seen: at the first byte that makes one.
 *
 * <pre>{@code
 * decoder.offer(bytes);
 * Frames frames = decoder.next();
 * while (!frames.isEmpty()) {
 *   …
 *   frames = decoder.next();
 * }
 * decoder.violation().ifPresent(…);
 * }</pre>
 *
 * <p>Payloads are unmasked on their way from the bytes that were offered into an array of the
 * batch. The bytes that were offered are only read, and not looked at any more when {@link #next}
 * has returned nothing: until then they must not change, afterwards they may.
 *
 * <p>It holds the piece that was offered last, one unfinished message, whose memory grows with what
 * has come and not with what a header announces, and, while it makes it, one batch: about 64 KiB
 * beyond what was offered, or one message. Not thread-safe.
 *
 * <p>After a violation, after a close frame and after {@link #discard()} everything is skipped but
 * a close frame, whose payload is left out: the peer can still answer a close, and the socket is
 * read to its end.
 */
public final class FrameDecoder implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final @Nullable Inflation inflation;
  private final MessageBuffer messages;
  private final FrameHeader header = new FrameHeader();
  private final byte[] control = new byte[Wire.MAX_CONTROL_BYTES];

  private byte[] input = NOTHING;
  private int at;
  private int end;

  private enum Frame {
    /** A header is to be read. */
    NONE,
    /** The header was read. */
    BEGUN,
    /** The payload is being read. */
    OPEN
  }

  private Frame frame = Frame.NONE;
  private @Nullable Violation violation;
  private boolean discarding;

  /**
   * A decoder between two frames.
   *
   * @param compression what was agreed on; without it compressed messages are violations
   */
  public FrameDecoder(FrameRules rules, Optional<DeflateParameters> compression) {
    this.inflation =
        compression
            .map(agreed -> rules.role() == Role.SERVER ? agreed.ofClient() : agreed.ofServer())
            .orElse(null);
    this.messages = new MessageBuffer(rules, inflation);
  }

  /** Adds bytes that came. To be called when {@link #next()} has nothing more. */
  public void offer(ByteString bytes) {
    byte[] array = bytes.toArrayUnsafe();
    offer(array, 0, array.length);
  }

  /** Adds {@code bytes[from..to)}, which are not copied; see above for when they may change. */
  public void offer(byte[] bytes, int from, int to) {
    if (at != end) {
      throw new IllegalStateException(
          (end - at) + " bytes are left (expected: none, next() gave an empty batch)");
    }
    input = bytes;
    at = from;
    end = to;
  }

  /** Copies what was offered and not read yet, so that the array may change. */
  public void keep() {
    if (at < end) {
      input = Arrays.copyOfRange(input, at, end);
      end -= at;
      at = 0;
    }
  }

  /** The next batch; empty if there is nothing until more is offered, or a violation is seen. */
  public Frames next() {
    if (discarding) {
      return skip();
    }
    try {
      while (violation == null) {
        if (!step()) {
          break;
        }
      }
    } catch (DataFormatException _) {
      violation =
          new Violation(CloseCode.INVALID_DATA, "A compressed message is not what DEFLATE writes.");
    }
    return taken(messages.take());
  }

  /**
   * What is wrong with what came after the last batch. Once there is a violation nothing more is
   * read before {@link #discard()}.
   */
  public Optional<Violation> violation() {
    return discarding ? Optional.empty() : Optional.ofNullable(violation);
  }

  /** Skips from now on all but a close frame. */
  public void discard() {
    discarding = true;
    close();
  }

  /** Lets go of memory outside the heap, and of an unfinished message. */
  @Override
  public void close() {
    messages.dropUnfinished();
    if (inflation != null) {
      inflation.close();
    }
  }

  /** Reads a header or a piece of a payload; false if the batch ends here. */
  private boolean step() throws DataFormatException {
    if (frame == Frame.NONE) {
      if (!readHeader()) {
        return false;
      }
      violation = messages.faultOf(header);
      if (violation != null) {
        // The rest of the frame is skipped with everything else.
        frame = Frame.OPEN;
        return false;
      }
      frame = Frame.BEGUN;
    }
    return header.isControl() ? readControl() : readMessage();
  }

  private boolean readHeader() {
    if (at == end) {
      return false;
    }
    int payload = header.read(input, at, end);
    at = payload < 0 ? end : payload;
    return payload >= 0;
  }

  private boolean readControl() {
    frame = Frame.OPEN;
    int done = (int) (header.length - header.left);
    int bytes = (int) Math.min(header.left, end - at);
    Masking.copy(input, at, control, done, bytes, Masking.rotate(header.key, done));
    at += bytes;
    header.left -= bytes;
    if (header.left > 0) {
      return false;
    }
    int length = (int) header.length;
    if (header.opcode == Opcode.CLOSE.number()) {
      violation = CloseFrames.faultOf(control, length);
      if (violation != null) {
        // It is a close frame all the same, and is seen as one when the violation is dealt with.
        return false;
      }
      frame = Frame.NONE;
      messages.addControl(header.opcode, control, length);
      discard();
      return false;
    }
    frame = Frame.NONE;
    return messages.addControl(header.opcode, control, length);
  }

  private boolean readMessage() throws DataFormatException {
    if (frame == Frame.BEGUN) {
      if (!messages.begin(header, end - at)) {
        return false;
      }
      frame = Frame.OPEN;
    }
    int bytes = (int) Math.min(header.left, end - at);
    violation = messages.add(header, input, at, bytes);
    at += bytes;
    header.left -= bytes;
    if (violation != null || header.left > 0) {
      return false;
    }
    frame = Frame.NONE;
    violation = messages.endFrame(header);
    return violation == null && !messages.isFull();
  }

  private Frames skip() {
    Frames batch = messages.take();
    while (batch.isEmpty() && (at < end || (frame == Frame.OPEN && header.left == 0))) {
      if (frame == Frame.NONE) {
        if (!readHeader()) {
          break;
        }
        frame = Frame.OPEN;
      }
      long bytes = Math.min(header.left, end - at);
      at += (int) bytes;
      header.left -= header.length < 0 ? 0 : bytes;
      if (header.left == 0) {
        frame = Frame.NONE;
        if (header.opcode == Opcode.CLOSE.number()) {
          batch = Frames.builder().close().build();
        }
      }
    }
    return taken(batch);
  }

  /** The batch; without one the input is used up, and let go of. */
  private Frames taken(Frames batch) {
    if (batch.isEmpty() && at == end) {
      input = NOTHING;
      at = 0;
      end = 0;
    }
    return batch;
  }
}
