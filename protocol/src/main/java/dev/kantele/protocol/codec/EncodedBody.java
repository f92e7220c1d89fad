package dev.kantele.protocol.codec;

import dev.kantele.protocol.Covers;
import java.nio.charset.StandardCharsets;

/**
 * An event's JSON but for its numbers: encoded once, then framed for each subscriber. Immutable;
 * may be shared by threads.
 */
public final class EncodedBody {
  private static final byte[] SEQ = ascii("{\"seq\":");
  private static final byte[] COVERS = ascii(",\"covers\":[");

  /** The whole object, of which the first brace gives way to the numbers. */
  private final byte[] object;

  EncodedBody(byte[] object) {
    this.object = object;
  }

  /** How many bytes a frame has beside its numbers. */
  public int length() {
    return object.length;
  }

  byte[] frame(Covers covers) {
    boolean wide = covers.from() < covers.to();
    int header = SEQ.length + digits(covers.to()) + 1;
    if (wide) {
      header += COVERS.length + digits(covers.from()) + 1 + digits(covers.to()) + 1;
    }
    byte[] frame = new byte[header + object.length - 1];
    int at = put(frame, 0, SEQ);
    at = put(frame, at, covers.to());
    if (wide) {
      at = put(frame, at, COVERS);
      at = put(frame, at, covers.from());
      frame[at++] = ',';
      at = put(frame, at, covers.to());
      frame[at++] = ']';
    }
    frame[at++] = ',';
    System.arraycopy(object, 1, frame, at, object.length - 1);
    return frame;
  }

  private static int put(byte[] frame, int at, byte[] text) {
    System.arraycopy(text, 0, frame, at, text.length);
    return at + text.length;
  }

  private static int put(byte[] frame, int at, long number) {
    int end = at + digits(number);
    long rest = number;
    for (int i = end - 1; i >= at; i--) {
      frame[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return end;
  }

  private static int digits(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
