package dev.kantele.runtime.websocket.frame;

import dev.kantele.runtime.websocket.deflate.Inflation;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Puts payloads, unmasked and inflated, into a batch.
 *
 * <p>A message that is all there in one frame goes behind the others of its batch. One that is not
 * begins a batch of its own, in which it stays where it is until its end comes, so that a large
 * message is not copied when the next piece of it arrives.
 */
final class MessageBuffer {
  /** A batch of so many bytes is handed over. */
  private static final int FULL_BYTES = 64 * 1024;

  /** Up to this size a batch is rather copied than handed over before its time. */
  private static final int SMALL_BYTES = 4 * 1024;

  /** Compressed bytes that are unmasked and inflated at a time. */
  private static final int PACKED_BYTES = 8 * 1024;

  /** What inflating has room for at least. */
  private static final int ROOM_BYTES = 256;

  /** Room for the header of a message whose size is not known yet; most need so much. */
  private static final int LIKELY_HEADER_BYTES = 4;

  private final FrameRules rules;
  private final HeaderFaults faults;
  private final @Nullable Inflation inflation;
  private final Utf8 utf8 = new Utf8();
  private final BatchBuffer batch = new BatchBuffer();
  private byte[] packed = {};

  /** A control frame that came between the fragments of a message. */
  private @Nullable Frames aside;

  /** Whether a message was begun and not ended; then the fields below are about it. */
  private boolean inMessage;

  private int opcode;
  private boolean compressed;
  private boolean piecesBegun;

  /** Bytes that its frames announced, how many these are, and what was inflated of it. */
  private long announcedBytes;

  private int fragments;
  private long inflatedBytes;

  /** Its payload in the batch, {@code [payload..end)}, and the room in front of it. */
  private int payload;

  private int end;
  private int gap;

  MessageBuffer(FrameRules rules, @Nullable Inflation inflation) {
    this.rules = rules;
    this.faults = new HeaderFaults(rules, inflation != null);
    this.inflation = inflation;
  }

  /** What is wrong with a header by itself and by where it comes. */
  @Nullable Violation faultOf(FrameHeader header) {
    return inMessage
        ? faults.of(header, true, announcedBytes, fragments)
        : faults.of(header, false, 0, 0);
  }

  /** The batch that is there, which may be none. */
  Frames take() {
    Frames first = aside;
    if (first != null) {
      aside = null;
      return first;
    }
    return batch.take();
  }

  /** Whether the batch should be handed over before more is added. */
  boolean isFull() {
    return batch.end() >= FULL_BYTES;
  }

  void dropUnfinished() {
    inMessage = false;
    batch.dropRest();
    packed = new byte[0];
  }

  /** Adds a control frame; false if the batch ends with it. */
  boolean addControl(int control, byte[] data, int length) {
    boolean between = inMessage && rules.whole();
    BatchBuffer to = between ? new BatchBuffer() : batch;
    int start = to.end();
    to.ensure(start + 2 + length, start + 2 + length);
    System.arraycopy(data, 0, to.bytes, start + 2, length);
    to.endFrame(start + 2, start + 2 + length, 2, Wire.FIN | control);
    if (between) {
      aside = to.take();
    }
    return !between && !isFull();
  }

  /**
   * Begins a frame of a message.
   *
   * @param available bytes that are there from its payload on
   * @return false if the batch must be handed over before
   */
  boolean begin(FrameHeader header, int available) {
    boolean first = header.opcode != Opcode.CONTINUATION.number();
    if (first && rules.whole() && !place(header, available)) {
      return false;
    }
    if (first) {
      inMessage = true;
      opcode = header.opcode;
      compressed = header.reserved != 0;
      piecesBegun = false;
      announcedBytes = 0;
      fragments = 0;
      inflatedBytes = 0;
      utf8.reset();
    }
    announcedBytes += header.length;
    fragments++;
    return true;
  }

  /** Adds a piece of a frame's payload. */
  @Nullable Violation add(FrameHeader header, byte[] input, int at, int bytes)
      throws DataFormatException {
    int key = Masking.rotate(header.key, header.length - header.left);
    if (compressed) {
      return addCompressed(input, at, bytes, key);
    }
    boolean last = header.fin && bytes == header.left;
    if (!rules.whole()) {
      if (bytes == 0 && !last) {
        return null;
      }
      beginPiece(Wire.headerBytes(bytes));
    }
    int from = end;
    batch.ensure(end + bytes, payload + expectedBytes(header));
    boolean ascii = Masking.copy(input, at, batch.bytes, end, bytes, key);
    end += bytes;
    if (isText() && !(ascii && utf8.isComplete()) && !utf8.take(batch.bytes, from, end)) {
      return invalidText();
    }
    if (!rules.whole() && (!last || utf8.isComplete())) {
      endPiece(last);
    }
    return null;
  }

  /** Ends a frame, and its message if it is the last one. */
  @Nullable Violation endFrame(FrameHeader header) throws DataFormatException {
    if (!header.fin) {
      return null;
    }
    if (compressed) {
      Violation violation = endCompressed();
      if (violation != null) {
        return violation;
      }
    }
    if (isText() && !utf8.isComplete()) {
      return invalidText();
    }
    if (rules.whole()) {
      batch.endFrame(payload, end, gap, Wire.FIN | opcode);
    }
    inMessage = false;
    return null;
  }

  /** Finds the place of a new message in the batch; false if the batch must be handed over. */
  private boolean place(FrameHeader header, int available) {
    boolean allThere = header.fin && header.length <= available;
    if (!allThere) {
      if (!batch.isEmpty()) {
        return false;
      }
      place(Wire.MAX_HEADER_BYTES);
      return true;
    }
    if (header.reserved != 0) {
      place(LIKELY_HEADER_BYTES);
      return true;
    }
    int length = (int) header.length;
    int room = batch.end() + Wire.headerBytes(length) + length;
    if (room > batch.bytes.length) {
      if (batch.end() > SMALL_BYTES) {
        return false;
      }
      // What is there now is never more in the batch than it is on the wire.
      int rest = Math.min(available - length, FULL_BYTES);
      batch.ensure(room + rest, room + rest);
    }
    place(Wire.headerBytes(length));
    return true;
  }

  private void place(int room) {
    gap = room;
    payload = batch.end() + room;
    end = payload;
  }

  /** How large the message in the batch may become. */
  private long expectedBytes(FrameHeader header) {
    return header.fin && rules.whole() ? announcedBytes : rules.limits().messageBytes();
  }

  private boolean isText() {
    return opcode == Opcode.TEXT.number();
  }

  private void beginPiece(int header) {
    place(header);
  }

  private void endPiece(boolean last) {
    int first = piecesBegun ? Opcode.CONTINUATION.number() : opcode;
    batch.endFrame(payload, end, gap, last ? Wire.FIN | first : first);
    piecesBegun = true;
  }

  private @Nullable Violation addCompressed(byte[] input, int at, int bytes, int key)
      throws DataFormatException {
    if (!rules.whole()) {
      beginPiece(LIKELY_HEADER_BYTES);
    }
    for (int done = 0; done < bytes; done += PACKED_BYTES) {
      int step = Math.min(bytes - done, PACKED_BYTES);
      if (packed.length < step) {
        packed = new byte[Math.min(PACKED_BYTES, Math.max(2 * step, ROOM_BYTES))];
      }
      Masking.copy(input, at + done, packed, 0, step, Masking.rotate(key, done));
      inflation().offer(packed, 0, step);
      Violation violation = inflate();
      if (violation != null) {
        return violation;
      }
    }
    if (!rules.whole() && end > payload) {
      endPiece(/* last= */ false);
    }
    return null;
  }

  private @Nullable Violation endCompressed() throws DataFormatException {
    if (announcedBytes == 0) {
      throw new DataFormatException("no bytes (expected: at least 1, RFC 7692, section 7.2.1)");
    }
    if (!rules.whole()) {
      beginPiece(LIKELY_HEADER_BYTES);
    }
    inflation().offerEnd();
    Violation violation = inflate();
    if (violation != null) {
      return violation;
    }
    inflation().endMessage();
    if (!rules.whole() && (!isText() || utf8.isComplete())) {
      endPiece(/* last= */ true);
    }
    return null;
  }

  /** Inflates what was offered; stops one byte above the limit. */
  private @Nullable Violation inflate() throws DataFormatException {
    long limit = rules.limits().inflatedBytes();
    while (true) {
      long left = limit + 1 - inflatedBytes;
      batch.ensure(end + (int) Math.min(left, ROOM_BYTES), end + left);
      int room = (int) Math.min(left, batch.bytes.length - end);
      int bytes = inflation().inflate(batch.bytes, end, room);
      if (bytes == 0) {
        return null;
      }
      inflatedBytes += bytes;
      end += bytes;
      if (isText() && !utf8.take(batch.bytes, end - bytes, end)) {
        return invalidText();
      }
      if (inflatedBytes > limit) {
        return new Violation(
            CloseCode.MESSAGE_TOO_BIG,
            "A message may have " + limit + " bytes at the most when it is inflated.");
      }
    }
  }

  private Inflation inflation() {
    Inflation present = inflation;
    if (present == null) {
      throw new IllegalStateException("inflation: none (expected: agreed on)");
    }
    return present;
  }

  private static Violation invalidText() {
    return new Violation(CloseCode.INVALID_DATA, "The text is not valid UTF-8.");
  }
}
