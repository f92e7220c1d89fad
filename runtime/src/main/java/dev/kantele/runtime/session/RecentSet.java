package dev.kantele.runtime.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** The last few distinct values that were added. Immutable. */
public final class RecentSet<T> {
  private final int capacity;
  private final SequencedSet<T> values;

  private RecentSet(int capacity, SequencedSet<T> values) {
    this.capacity = capacity;
    this.values = values;
  }

  /**
   * Remembers up to {@code capacity} values; {@code values} are the first of them, oldest first.
   */
  public static <T> RecentSet<T> of(int capacity, List<T> values) {
    return new RecentSet<>(capacity, new LinkedHashSet<>(values));
  }

  /**
   * Returns the set with {@code value} as its newest; the oldest leaves when there are too many.
   */
  public RecentSet<T> with(T value) {
    var next = new LinkedHashSet<>(values);
    next.remove(value);
    next.addLast(value);
    if (next.size() > capacity) {
      next.removeFirst();
    }
    return new RecentSet<>(capacity, next);
  }

  /** Whether {@code value} is remembered. */
  public boolean contains(T value) {
    return values.contains(value);
  }

  /** The values, oldest first. */
  public List<T> values() {
    return List.copyOf(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecentSet<?> set && set.values().equals(values());
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
