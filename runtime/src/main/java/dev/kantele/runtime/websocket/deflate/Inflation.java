package dev.kantele.runtime.websocket.deflate;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one peer (RFC 7692, section 7.2.2). Its window is the largest one,
 * whatever the peer said it would use. The memory outside the heap, some 40 KiB, is taken with the
 * first compressed message. Not thread-safe.
 */
public final class Inflation implements AutoCloseable {
  /** What the peer cut off the end of a message. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  /** The same, and a last block without data: it can be read only where a block may begin. */
  private static final byte[] TAIL_AND_END = {0, 0, (byte) 0xFF, (byte) 0xFF, 1, 0, 0, -1, -1};

  private static final byte[] NONE = {};

  private final boolean keepsContext;
  private @Nullable Inflater inflater;
  private boolean closed;

  /** What the inflater was given last. */
  private byte[] input = NONE;

  private int inputEnd;

  /** Whether the inflater stands between two DEFLATE streams. */
  private boolean atStreamEnd;

  /**
   * One that has not seen a message.
   *
   * @param keepsContext whether a message may refer to those before it
   */
  public Inflation(boolean keepsContext) {
    this.keepsContext = keepsContext;
  }

  /** Takes a piece of a message, which must not change until {@link #inflate} returns 0. */
  public void offer(byte[] bytes, int from, int length) {
    if (closed) {
      throw new IllegalStateException("closed (expected: open)");
    }
    if (inflater == null) {
      inflater = new Inflater(/* nowrap= */ true);
    }
    input = bytes;
    inputEnd = from + length;
    inflater.setInput(bytes, from, length);
  }

  /**
   * Inflates what was offered.
   *
   * @param length at least 1
   * @return how many bytes were written; 0 if all of the input is used up
   * @throws DataFormatException if the input is not what DEFLATE writes
   */
  public int inflate(byte[] to, int at, int length) throws DataFormatException {
    Inflater active = inflater;
    if (active == null) {
      return 0;
    }
    while (true) {
      if (atStreamEnd) {
        if (active.getRemaining() == 0) {
          return 0;
        }
        // A block was marked as the last one. Its stream is over (RFC 1951, section 3.2.3), and
        // what follows is a new one, which can't refer to it.
        int left = active.getRemaining();
        active.reset();
        active.setInput(input, inputEnd - left, left);
        atStreamEnd = false;
      }
      int bytes = active.inflate(to, at, length);
      atStreamEnd = active.finished();
      if (bytes > 0 || !atStreamEnd) {
        return bytes;
      }
    }
  }

  /**
   * Says that all of a message was offered, and inflated; what it still holds back comes out of
   * {@link #inflate} now, and then {@link #endMessage} is called.
   */
  public void offerEnd() {
    if (!atStreamEnd) {
      byte[] tail = keepsContext ? TAIL : TAIL_AND_END;
      offer(tail, 0, tail.length);
    }
  }

  /**
   * Prepares for the next message.
   *
   * @throws DataFormatException if the one before it was cut short. Where the context is kept, such
   *     a message can't be told from a whole one; one of those after it can't be inflated
   */
  public void endMessage() throws DataFormatException {
    Inflater active = inflater;
    if (active == null) {
      return;
    }
    input = NONE;
    boolean whole = keepsContext || atStreamEnd;
    if (!keepsContext || atStreamEnd) {
      active.reset();
      atStreamEnd = false;
    }
    if (!whole) {
      throw new DataFormatException("a message that was cut short");
    }
  }

  /** Gives its memory back; nothing can be inflated any more. */
  @Override
  public void close() {
    closed = true;
    if (inflater != null) {
      inflater.close();
      inflater = null;
    }
  }
}
