package dev.kantele.runtime.log;

import dev.kantele.protocol.EventBody;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest entries of a log, up to a number of bytes. Confined to the session's actor.
 *
 * <p>It holds every durable event after {@link #evictedDurable()}, and every live event after
 * {@link #evicted()} that belongs to a running operation. The live events of an operation that has
 * ended are served as long as the first of them is here, so that nobody gets the rest of a text
 * whose beginning they missed.
 */
final class LogWindow {
  private final long capacityBytes;
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();
  private long bytes;
  private long evicted;
  private long evictedDurable;

  private static final class Slot {
    final LogEntry entry;
    final @Nullable OpenOperation operation;
    final int bytes;

    Slot(LogEntry entry, @Nullable OpenOperation operation) {
      this.entry = entry;
      this.operation = operation;
      this.bytes = BodySize.of(entry.body());
    }
  }

  LogWindow(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  /** Begins anew after {@code seq}. */
  void clear(long seq) {
    slots.clear();
    bytes = 0;
    evicted = seq;
    evictedDurable = seq;
  }

  /** Adds an entry; {@code operation} is the one that a live event belongs to. */
  void add(LogEntry entry, @Nullable OpenOperation operation, boolean durable) {
    var slot = new Slot(entry, durable ? null : operation);
    slots.addLast(slot);
    bytes += slot.bytes;
    while (bytes > capacityBytes && slots.size() > 1) {
      evict(slots.removeFirst());
    }
  }

  private void evict(Slot slot) {
    evicted = slot.entry.seq();
    if (slot.entry.body() instanceof EventBody.Durable) {
      evictedDurable = evicted;
    }
    bytes -= slot.bytes;
  }

  /**
   * The entries after {@code after}, which is not before {@link #evicted()}, within the bounds but
   * at least one.
   */
  List<LogEntry> after(long after, int maxEvents, long maxBytes, List<OpenOperation> running) {
    var found = new ArrayList<LogEntry>();
    long size = 0;
    for (Slot slot : slotsAfter(after)) {
      if (isTornOff(slot, running)) {
        continue;
      }
      size += slot.bytes;
      if (!found.isEmpty() && (found.size() >= maxEvents || size > maxBytes)) {
        break;
      }
      found.add(slot.entry);
    }
    return found;
  }

  /** Looked for from the end: most readers are close to it. */
  private Collection<Slot> slotsAfter(long seq) {
    var later = new ArrayDeque<Slot>();
    Iterator<Slot> latestFirst = slots.descendingIterator();
    while (latestFirst.hasNext()) {
      Slot slot = latestFirst.next();
      if (slot.entry.seq() <= seq) {
        break;
      }
      later.addFirst(slot);
    }
    return later;
  }

  private boolean isTornOff(Slot slot, List<OpenOperation> running) {
    OpenOperation operation = slot.operation;
    return operation != null && operation.firstLive() <= evicted && !running.contains(operation);
  }

  /** Whatever has this number or a lower one is here no longer. */
  long evicted() {
    return evicted;
  }

  /** The number of the last durable event that is here no longer. */
  long evictedDurable() {
    return evictedDurable;
  }

  long bytes() {
    return bytes;
  }
}
