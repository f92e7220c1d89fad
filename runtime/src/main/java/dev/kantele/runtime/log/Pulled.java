package dev.kantele.runtime.log;

import java.util.List;

/** What a log can give to a cursor at once. */
public sealed interface Pulled {
  /** The next deliveries, at least one. */
  record Deliveries(List<Delivery> deliveries) implements Pulled {
    public Deliveries {
      deliveries = List.copyOf(deliveries);
    }
  }

  /** The cursor has everything. */
  record Nothing() implements Pulled {}

  /** The cursor is ahead of the log. */
  record Ahead(long lastSeq) implements Pulled {}

  /**
   * Read the rows from {@code fromRow} on, up to event {@code throughSeq}, then {@link
   * SessionLog#compose}.
   */
  record ReadJournal(long fromRow, long throughSeq) implements Pulled {}

  /** What the cursor needs is kept no longer: a snapshot takes its place. */
  record TooOld() implements Pulled {}
}
