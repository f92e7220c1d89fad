package dev.kantele.protocol;

/**
 * The range of every integer on the wire: 0 to 2^53−1, so that any JSON reader keeps it exact (RFC
 * 8259, section 6).
 */
public final class WireNumber {
  /** The largest integer on the wire, 2^53−1. */
  public static final long MAX = (1L << 53) - 1;

  /**
   * Returns {@code value} if it is within {@code min}..2^53−1, else throws with the value and the
   * bound.
   */
  public static long require(String field, long value, long min) {
    return require(field, value, min, MAX);
  }

  /**
   * Returns {@code value} if it is within {@code min}..{@code max}, else throws with the value and
   * the bound.
   */
  public static long require(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          field + ": " + value + " (expected: " + min + ".." + max + ")");
    }
    return value;
  }

  private WireNumber() {}
}
