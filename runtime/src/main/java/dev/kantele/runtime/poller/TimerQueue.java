package dev.kantele.runtime.poller;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop, the next one first. Belongs to the loop's thread, but for {@link
 * #cancelledElsewhere}.
 */
final class TimerQueue {
  /*
   * A heap of four children a node, by deadline and then by order of scheduling. A timer stands in
   * it by a key that may be behind what is wanted of it: to schedule it for later, or to call it
   * off, leaves it where it stands. Only when it comes to the top is it moved to where it belongs,
   * or dropped. The key is never above what is wanted, so the top is never too late; and timers that
   * are called off are swept out once they are more than half.
   *
   * Whoever pushes a deadline out again and again, as those do who watch over idle connections, pays
   * for two stores each time.
   */
  private static final int CHILDREN = 4;
  private static final int SMALLEST = 64;

  private final AtomicInteger cancelledElsewhere = new AtomicInteger();
  private @Nullable Timer[] heap = new Timer[SMALLEST];
  private int size;
  private int cancelledHere;
  private long lastSequence;

  private @Nullable Timer[] deferred = new Timer[8];
  private int deferredCount;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Schedules a timer, or takes note of what somebody else scheduled. */
  void schedule(Timer timer, long deadlineNanos, long tick) {
    timer.sequence = ++lastSequence;
    timer.scheduledInTick = tick;
    if (timer.heapIndex == Timer.NOT_IN_HEAP) {
      timer.keyNanos = deadlineNanos;
      timer.keySequence = timer.sequence;
      push(timer);
    } else if (deadlineNanos < timer.keyNanos) {
      timer.keyNanos = deadlineNanos;
      timer.keySequence = timer.sequence;
      siftUp(timer.heapIndex, timer);
    }
  }

  /** A timer was called off on the loop's thread. */
  void cancelledHere() {
    cancelledHere++;
    sweepIfWorthIt(cancelledHere + cancelledElsewhere.getPlain());
  }

  /** A timer was called off by another thread. */
  void cancelledElsewhere() {
    cancelledElsewhere.getAndIncrement();
  }

  /** When the next timer is due; {@link WakeWord#NONE} if there is none. */
  long nextNanos() {
    if (cancelledElsewhere.get() != 0) {
      sweepIfWorthIt(cancelledHere + cancelledElsewhere.get());
    }
    @Nullable Timer top = top();
    return top == null ? WakeWord.NONE : top.keyNanos;
  }

  /**
   * Takes the next timer that is due, and claims to run it. One that repeats is scheduled anew by
   * that. Those of this very tick are left for the next; call {@link #endOfRound} after the last.
   */
  @Nullable Timer pollDue(long nowNanos, long tick, int clampDepth, long shortestNanos) {
    while (true) {
      @Nullable Timer top = top();
      if (top == null || top.keyNanos > nowNanos) {
        return null;
      }
      if (top.scheduledInTick == tick) {
        remove();
        defer(top);
        continue;
      }
      if (top.periodNanos == 0) {
        if (top.claim(top.keyNanos, Timer.IDLE)) {
          top.dueNanos = top.keyNanos;
          remove();
          return top;
        }
        continue; // Called off or scheduled anew since; the top is looked at again.
      }
      long dueNanos = top.keyNanos;
      long periodNanos =
          top.depth > clampDepth ? Math.max(top.periodNanos, shortestNanos) : top.periodNanos;
      long nextNanos = next(dueNanos, periodNanos, nowNanos);
      if (top.claim(dueNanos, nextNanos)) {
        top.dueNanos = dueNanos;
        top.sequence = ++lastSequence;
        top.keySequence = top.sequence;
        top.keyNanos = nextNanos;
        top.scheduledInTick = tick;
        top.depth = Math.min(top.depth + 1, Integer.MAX_VALUE - 1);
        siftDown(0, top);
        return top;
      }
    }
  }

  /** What was left for the next tick may run in it. */
  void endOfRound() {
    for (int i = 0; i < deferredCount; i++) {
      @Nullable Timer timer = deferred[i];
      deferred[i] = null;
      if (timer != null && timer.heapIndex == Timer.NOT_IN_HEAP && timer.scheduled()) {
        timer.keyNanos = timer.wanted();
        timer.keySequence = timer.sequence;
        if (timer.keyNanos != Timer.IDLE) {
          push(timer);
        }
      }
    }
    deferredCount = 0;
  }

  /**
   * Empties it; those that were scheduled are called off, one at each call, until there is none.
   */
  @Nullable Timer drop() {
    while (size > 0) {
      Timer timer = at(size - 1);
      heap[--size] = null;
      timer.heapIndex = Timer.NOT_IN_HEAP;
      long wanted = timer.wanted();
      if (wanted != Timer.IDLE && timer.claim(wanted, Timer.IDLE)) {
        return timer;
      }
    }
    return null;
  }

  /** How long the array is, for tests. */
  int capacity() {
    return heap.length;
  }

  /** Whole periods after {@code dueNanos}, so that nothing drifts, and after now: no burst. */
  private static long next(long dueNanos, long periodNanos, long nowNanos) {
    long next = dueNanos + periodNanos;
    if (next <= nowNanos) {
      next = dueNanos + ((nowNanos - dueNanos) / periodNanos + 1) * periodNanos;
    }
    return next;
  }

  /** The timer that comes next, standing where it belongs. */
  private @Nullable Timer top() {
    while (size > 0) {
      Timer top = at(0);
      long wanted = top.wanted();
      if (wanted == Timer.IDLE) {
        remove();
      } else if (wanted != top.keyNanos || top.sequence != top.keySequence) {
        top.keyNanos = wanted;
        top.keySequence = top.sequence;
        siftDown(0, top);
      } else {
        return top;
      }
    }
    return null;
  }

  private void push(Timer timer) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    siftUp(size++, timer);
  }

  /** Removes the top. */
  private void remove() {
    at(0).heapIndex = Timer.NOT_IN_HEAP;
    Timer last = at(--size);
    heap[size] = null;
    if (size > 0) {
      siftDown(0, last);
    }
    shrinkIfEmpty();
  }

  private void siftUp(int from, Timer timer) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) / CHILDREN;
      Timer above = at(parent);
      if (!isBefore(timer, above)) {
        break;
      }
      place(above, index);
      index = parent;
    }
    place(timer, index);
  }

  private void siftDown(int from, Timer timer) {
    int index = from;
    while (true) {
      int first = index * CHILDREN + 1;
      if (first >= size) {
        break;
      }
      int least = first;
      int end = Math.min(first + CHILDREN, size);
      for (int child = first + 1; child < end; child++) {
        if (isBefore(at(child), at(least))) {
          least = child;
        }
      }
      Timer below = at(least);
      if (!isBefore(below, timer)) {
        break;
      }
      place(below, index);
      index = least;
    }
    place(timer, index);
  }

  private void place(Timer timer, int index) {
    heap[index] = timer;
    timer.heapIndex = index;
  }

  private static boolean isBefore(Timer one, Timer other) {
    return one.keyNanos < other.keyNanos
        || (one.keyNanos == other.keyNanos && one.keySequence < other.keySequence);
  }

  private void sweepIfWorthIt(int cancelled) {
    if (cancelled < SMALLEST || cancelled < size / 2) {
      return;
    }
    cancelledHere = 0;
    cancelledElsewhere.set(0);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Timer timer = at(i);
      if (timer.scheduled()) {
        place(timer, kept++);
      } else {
        timer.heapIndex = Timer.NOT_IN_HEAP;
      }
    }
    Arrays.fill(heap, kept, size, null);
    size = kept;
    for (int i = (size - 2) / CHILDREN; i >= 0 && size > 1; i--) {
      siftDown(i, at(i));
    }
    if (heap.length > SMALLEST && size < heap.length / CHILDREN) {
      heap = Arrays.copyOf(heap, Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, size)) * 2));
    }
  }

  /** Gives the memory of a burst back, once it is over. */
  private void shrinkIfEmpty() {
    if (size == 0 && heap.length > SMALLEST * SMALLEST) {
      heap = new Timer[SMALLEST];
    }
  }

  private void defer(Timer timer) {
    if (deferredCount == deferred.length) {
      deferred = Arrays.copyOf(deferred, 2 * deferredCount);
    }
    deferred[deferredCount++] = timer;
  }

  @SuppressWarnings("NullAway") // Nobody asks beyond the size.
  private Timer at(int index) {
    return heap[index];
  }
}
