package dev.kantele.runtime.log;

import java.util.Arrays;

/**
 * The text of one part of a running operation, with an exact index from event numbers to offsets in
 * it: two parallel arrays, ascending. Confined to the session's actor.
 */
final class OpenPart {
  private final StringBuilder text = new StringBuilder();
  private long[] numbers = new long[16];
  private int[] ends = new int[16];
  private int count;

  /** Appends what event {@code seq} said. */
  void append(long seq, String piece) {
    text.append(piece);
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    numbers[count] = seq;
    ends[count] = text.length();
    count++;
  }

  /** How much of the text is said by the events up to {@code seq}. */
  int endAt(long seq) {
    int found = Arrays.binarySearch(numbers, 0, count, seq);
    int before = found >= 0 ? found : -found - 2;
    return before < 0 ? 0 : ends[before];
  }

  /** Whether an event up to {@code seq} belongs to this part, even if it was empty. */
  boolean saidBy(long seq) {
    return count > 0 && numbers[0] <= seq;
  }

  String between(int start, int end) {
    return text.substring(start, end);
  }

  String all() {
    return text.toString();
  }
}
