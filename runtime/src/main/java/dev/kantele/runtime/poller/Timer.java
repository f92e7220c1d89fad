package dev.kantele.runtime.poller;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Something to do at a time, once or at each period. A timer may be scheduled any number of times,
 * one after the other, and costs no memory beyond itself. All may be called by any thread; the task
 * runs on the loop's.
 *
 * <p>A timer never runs early, nor in the tick that scheduled it; timers of the same time run in
 * the order in which they were scheduled.
 */
public final class Timer {
  /** A delay without end is this long: 146 years. */
  public static final long LONGEST_DELAY_NANOS = Long.MAX_VALUE / 2;

  static final long IDLE = -1;
  static final int NOT_IN_HEAP = -1;

  private static final VarHandle WANTED;
  private static final VarHandle QUEUED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WANTED = lookup.findVarHandle(Timer.class, "wanted", long.class);
      QUEUED = lookup.findVarHandle(Timer.class, "queued", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final PollerLoop loop;
  final TimerTask task;

  /** 0 if it runs once. */
  final long periodNanos;

  // IDLE (-1)       not scheduled: never was, has run, or is called off
  // other value T   to run at the loop's time T
  private volatile long wanted = IDLE;

  /** Whether it is on its way to the loop, which will look at {@link #wanted}. */
  private volatile boolean queued;

  /* The loop's own from here: what it knows, which may be behind what is wanted. */

  int heapIndex = NOT_IN_HEAP;
  long keyNanos;
  long dueNanos;
  long keySequence;
  long sequence;
  long scheduledInTick;
  int depth;

  Timer(PollerLoop loop, TimerTask task, long periodNanos) {
    this.loop = loop;
    this.task = requireNonNull(task, "task");
    this.periodNanos = periodNanos;
  }

  /**
   * Schedules it after a delay, in place of when it was scheduled before.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
   */
  public void schedule(Duration delay) {
    // Saturates, as does a delay that is too long.
    scheduleNanos(
        delay.compareTo(Duration.ofNanos(LONGEST_DELAY_NANOS)) > 0
            ? LONGEST_DELAY_NANOS
            : delay.toNanos());
  }

  /**
   * Schedules it after a delay, in place of when it was scheduled before.
   *
   * @param delayNanos none if negative; at most {@link #LONGEST_DELAY_NANOS} count
   * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
   */
  public void scheduleNanos(long delayNanos) {
    loop.schedule(this, Math.clamp(delayNanos, 0, LONGEST_DELAY_NANOS));
  }

  /** Calls it off; true if it was scheduled and will not run for that. */
  public boolean cancel() {
    if ((long) WANTED.getAndSet(this, IDLE) == IDLE) {
      return false;
    }
    loop.cancelled(this);
    return true;
  }

  /** Whether it is scheduled. */
  public boolean scheduled() {
    return wanted != IDLE;
  }

  long wanted() {
    return wanted;
  }

  /** Release is enough for the loop itself: whoever cancels does so atomically. */
  void wantHere(long deadlineNanos) {
    WANTED.setRelease(this, deadlineNanos);
  }

  void wantElsewhere(long deadlineNanos) {
    wanted = deadlineNanos;
  }

  /** Claims to run it; false if somebody called it off or scheduled it anew. */
  boolean claim(long deadlineNanos, long nextNanos) {
    return WANTED.compareAndSet(this, deadlineNanos, nextNanos);
  }

  /** True for the one who is to bring it to the loop. */
  boolean queue() {
    return !queued && QUEUED.compareAndSet(this, false, true);
  }

  /** To be called before looking at what is wanted, so that who wants more queues it again. */
  void unqueue() {
    queued = false;
  }

  @Override
  public String toString() {
    long at = wanted;
    return "Timer[" + (at == IDLE ? "idle" : "at " + at + " ns") + "]";
  }
}
