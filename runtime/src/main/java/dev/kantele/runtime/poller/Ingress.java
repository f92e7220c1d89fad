package dev.kantele.runtime.poller;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to run on a loop: {@code Runnable}s, and timers that other threads scheduled. Each
 * thread's come out in the order in which it put them in.
 *
 * <p>Nothing that was taken in is lost when it closes: either it comes out, or the one who put it
 * in is told no.
 */
final class Ingress {
  private static final int CHUNK = 1_024;

  private final MpscUnboundedVarHandleArrayQueue<Object> foreign =
      new MpscUnboundedVarHandleArrayQueue<>(CHUNK);

  /** The loop's own, which need no care for other threads. */
  private final ArrayDeque<Object> own = new ArrayDeque<>();

  /** Written under this object's lock, before the last look at {@link #foreign}. */
  private volatile boolean closed;

  /** What came too late, and whose producers have not yet asked; guarded by this. */
  private final List<Object> late = new ArrayList<>();

  /** Any thread but the loop's: puts something in; false if it is closed, and it will not run. */
  boolean offer(Object task) {
    if (closed) {
      return false;
    }
    foreign.offer(task);
    // As with the wake word, either this sees that it was closed, or who closed it sees the task.
    return !closed || cameInTime(task);
  }

  /** The loop's thread: puts something in. */
  void offerOwn(Object task) {
    own.add(task);
  }

  /** The loop's thread: what it put in itself. */
  @Nullable Object pollOwn() {
    return own.poll();
  }

  /** The loop's thread: what others put in. May miss what is being put in right now. */
  @Nullable Object pollForeign() {
    return foreign.relaxedPoll();
  }

  /**
   * The loop's thread: whether there is nothing, not even something that is being put in right now.
   */
  boolean isEmpty() {
    return own.isEmpty() && foreign.isEmpty();
  }

  /** Any thread: how many others have put in and wait. */
  int foreignSize() {
    return foreign.size();
  }

  /** The loop's thread: how many of its own wait. */
  int ownSize() {
    return own.size();
  }

  /** The loop's thread: lets others put in nothing more; what they have put in is its own now. */
  synchronized void close() {
    closed = true;
    for (Object task = foreign.poll(); task != null; task = foreign.poll()) {
      own.add(task);
    }
  }

  /** Whether what was put in while it closed was seen by who closed it. */
  @SuppressWarnings("ReferenceEquality") // Others may be equal, and were put in by others.
  private synchronized boolean cameInTime(Object task) {
    for (Object found = foreign.poll(); found != null; found = foreign.poll()) {
      late.add(found);
    }
    for (int i = 0; i < late.size(); i++) {
      if (late.get(i) == task) {
        late.remove(i);
        return false;
      }
    }
    return true;
  }
}
