package dev.kantele.runtime.http;

import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** The bytes that a connection begins with, up to the end of the first request's head. */
final class HeadBuffer {
  private static final int FIRST_BYTES = 512;

  private final int maxBytes;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int size;
  private int end = -1;

  /**
   * An empty one.
   *
   * @param maxBytes what a head may have
   */
  HeadBuffer(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Adds bytes; each is looked at once, in however small pieces they come. */
  void add(ByteString more) {
    int from = size;
    size = Math.addExact(size, more.length());
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
    }
    more.copyToArray(bytes, from, more.length());
    for (int i = Math.max(from, 3); end < 0 && i < size; i++) {
      if (bytes[i] == '\n'
          && bytes[i - 1] == '\r'
          && bytes[i - 2] == '\n'
          && bytes[i - 3] == '\r') {
        end = i + 1;
      }
    }
  }

  /** Whether nothing has come. */
  boolean isEmpty() {
    return size == 0;
  }

  /** Whether the head is there. */
  boolean isWhole() {
    return end >= 0 && end <= maxBytes;
  }

  /**
   * Whether what came can't be the begin of a head, or is too long for one. A request begins with
   * the name of a method; a handshake of TLS, for example, does not.
   */
  boolean isHopeless() {
    return (end < 0 && size > maxBytes)
        || end > maxBytes
        || (size > 0 && (bytes[0] < 'A' || bytes[0] > 'Z'));
  }

  /** The head, with the empty line at its end; to be called if it is there. */
  byte[] head() {
    return Arrays.copyOf(bytes, end);
  }

  /** What came after the head. */
  ByteString rest() {
    return ByteString.fromArray(bytes, end, size - end);
  }

  /** All that came. */
  ByteString all() {
    return ByteString.fromArray(bytes, 0, size);
  }
}
