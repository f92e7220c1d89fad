package dev.kantele.runtime.websocket.frame;

/**
 * The header of the frame that is being read, and how much of its payload is to come. Filled again
 * for each frame.
 */
final class FrameHeader {
  boolean fin;

  /** The bits RSV1 to RSV3, as they stand in the first byte. */
  int reserved;

  int opcode;
  boolean masked;

  /** Bytes of the payload; negative if its highest bit is set. */
  long length;

  /** Whether the length was written in as few bytes as it can be. */
  boolean minimal;

  /** The masking key as {@link Masking} holds it, for the next byte of the payload. */
  int key;

  /** Bytes of the payload that were not taken yet; of a length that is negative, without end. */
  long left;

  /** A header that came in pieces. */
  private final byte[] pieces = new byte[Wire.MAX_MASKED_HEADER_BYTES];

  private int pieceBytes;

  /**
   * Reads a header from {@code bytes[at..end)}.
   *
   * @return where its payload begins; -1 if the header does not end there, and then all of it was
   *     taken
   */
  int read(byte[] bytes, int at, int end) {
    if (pieceBytes == 0) {
      int header = end - at < 2 ? Integer.MAX_VALUE : headerBytes(bytes[at + 1]);
      if (header <= end - at) {
        parse(bytes, at);
        return at + header;
      }
    }
    int next = at;
    while (next < end) {
      pieces[pieceBytes++] = bytes[next++];
      if (pieceBytes >= 2 && pieceBytes == headerBytes(pieces[1])) {
        pieceBytes = 0;
        parse(pieces, 0);
        return next;
      }
    }
    return -1;
  }

  boolean isControl() {
    return (opcode & Opcode.CONTROL_BIT) != 0;
  }

  private static int headerBytes(byte second) {
    int length = second & Wire.LENGTH;
    return 2
        + (length < Wire.LENGTH_16 ? 0 : length == Wire.LENGTH_16 ? 2 : 8)
        + (second < 0 ? Wire.KEY_BYTES : 0);
  }

  private void parse(byte[] bytes, int at) {
    int first = bytes[at];
    int second = bytes[at + 1];
    fin = (first & Wire.FIN) != 0;
    reserved = first & Wire.RESERVED;
    opcode = first & Wire.OPCODE;
    masked = (second & Wire.MASKED) != 0;
    int keyAt;
    int length7 = second & Wire.LENGTH;
    if (length7 < Wire.LENGTH_16) {
      length = length7;
      minimal = true;
      keyAt = at + 2;
    } else if (length7 == Wire.LENGTH_16) {
      length = Wire.readShort(bytes, at + 2);
      minimal = length >= Wire.LENGTH_16;
      keyAt = at + 4;
    } else {
      length = Wire.readLong(bytes, at + 2);
      minimal = length < 0 || length > 0xFFFF;
      keyAt = at + Wire.MAX_HEADER_BYTES;
    }
    key = masked ? Masking.key(bytes, keyAt) : 0;
    left = length < 0 ? Long.MAX_VALUE : length;
  }
}
