package dev.kantele.runtime.log;

import java.util.Arrays;
import java.util.Optional;

/**
 * A sparse map from an event's number to the journal row to start reading at: one entry every
 * {@value #STRIDE} rows. Immutable. Rows are counted from 1 within this log.
 */
public final class RowIndex {
  /** No rows. */
  public static final RowIndex EMPTY = new RowIndex(new long[0], 0, 0);

  private static final int STRIDE = 64;

  /* Pairs of (number of the last event at a row, that row), ascending. */
  private final long[] marks;
  private final long rows;
  private final long firstRow;

  private RowIndex(long[] marks, long rows, long firstRow) {
    this.marks = marks;
    this.rows = rows;
    this.firstRow = firstRow;
  }

  /**
   * Restores an index; the inverse of {@link #marks()}, {@link #rows()} and {@link #firstRow()}.
   */
  public static RowIndex of(long[] marks, long rows, long firstRow) {
    return new RowIndex(marks.clone(), rows, firstRow);
  }

  /** Returns the index with one more row, at which {@code seq} is the number of the last event. */
  public RowIndex append(long seq) {
    long row = rows + 1;
    if (row % STRIDE != 0) {
      return new RowIndex(marks, row, firstRow);
    }
    long[] longer = Arrays.copyOf(marks, marks.length + 2);
    longer[marks.length] = seq;
    longer[marks.length + 1] = row;
    return new RowIndex(longer, row, firstRow);
  }

  /** Returns the index without what lies before {@code row}. */
  public RowIndex from(long row) {
    int first = 0;
    while (first < marks.length && marks[first + 1] < row) {
      first += 2;
    }
    return new RowIndex(Arrays.copyOfRange(marks, first, marks.length), rows, row);
  }

  /**
   * Returns a row that is not after the first event with a number greater than {@code after}; at
   * least 1.
   */
  public long rowAfter(long after) {
    int low = 0;
    int high = marks.length / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (marks[2 * middle] <= after) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    long found = low == 0 ? 1 : marks[2 * (low - 1) + 1] + 1;
    return Math.max(found, Math.max(firstRow, 1));
  }

  /** A row, and the last number that was given when it was written. */
  public record Mark(long seq, long row) {}

  /** Returns the last mark at {@code row} or before it. */
  public Optional<Mark> markAtOrBefore(long row) {
    int at = marks.length - 2;
    while (at >= 0 && marks[at + 1] > row) {
      at -= 2;
    }
    return at < 0 ? Optional.empty() : Optional.of(new Mark(marks[at], marks[at + 1]));
  }

  /** The rows written so far. */
  public long rows() {
    return rows;
  }

  /** The first row that is kept; 0 while all are. */
  public long firstRow() {
    return firstRow;
  }

  /** Pairs of number and row. */
  public long[] marks() {
    return marks.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowIndex index
        && index.rows == rows
        && index.firstRow == firstRow
        && Arrays.equals(index.marks, marks);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(rows) * 31 + Arrays.hashCode(marks);
  }
}
