package dev.kantele.runtime.transport;

import static java.util.Objects.requireNonNull;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.util.ByteString;

/**
 * What a socket has read, lent to the stage that it is joined to, which would copy it anyway: an
 * attribute of both. A stage that knows it says so by {@link #accept()} when it is made; from then
 * on it may be pushed {@link #NOTE} in place of the bytes, which are in {@link #array()} then, from
 * its begin on, until the stage gives them back, which it does before it returns. A socket whose
 * neighbour does not know of loans pushes bytes, as ever. Belongs to the stream's thread.
 */
public final class Loan implements Attributes.Attribute {
  /** Stands in the stream for what is lent. */
  public static final ByteString NOTE = ByteString.fromArray(new byte[] {'l', 'e', 'n', 't'});

  private static final byte[] NOTHING = {};

  private boolean accepted;
  private byte[] array = NOTHING;
  private int length;

  Loan() {}

  /** Says that the stage behind the socket takes loans. */
  public void accept() {
    accepted = true;
  }

  /** Whether something is lent: what was pushed is {@link #NOTE}. */
  public boolean isOpen() {
    return length > 0;
  }

  /** The bytes, {@code [0..length())}. */
  public byte[] array() {
    return array;
  }

  /** How many bytes there are; 0 if nothing is lent. */
  public int length() {
    return length;
  }

  /** Gives the bytes back; they are not to be looked at any more. */
  public void giveBack() {
    array = NOTHING;
    length = 0;
  }

  boolean isAccepted() {
    return accepted;
  }

  /** Lends {@code bytes[0..count)}. */
  void lend(byte[] bytes, int count) {
    array = requireNonNull(bytes, "bytes");
    length = count;
  }
}
