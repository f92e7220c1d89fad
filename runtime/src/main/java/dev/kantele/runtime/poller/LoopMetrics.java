package dev.kantele.runtime.poller;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * How a loop does: what it has done since it began, and what times it took in the last ten seconds.
 *
 * <p>The loop's thread writes down what happens, and each second lays aside what it has. {@link
 * #snapshot} looks at what was laid aside, so that it costs the loop nothing, and does not know the
 * second that runs.
 */
public final class LoopMetrics {
  /** A task whose times are taken. */
  record Stamped(Runnable task, long submittedNanos) {}

  /** What happened in about a second; nobody writes to it any more. */
  record Slice(
      long fromNanos,
      long toNanos,
      long tasks,
      long timers,
      long events,
      long waitingNanos,
      int mostForeign,
      int mostOwn,
      int mostTimers,
      Histogram queueWait,
      Histogram run,
      Histogram timerLateness,
      Histogram eventsPerWait) {}

  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_NANOS = 32;
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final long LARGEST_SIZE = 4_096;
  private static final int DIGITS = 2;

  /* Counters that the loop's thread writes; others read them. */
  private static final int TICKS = 0;
  private static final int TASKS = 1;
  private static final int FOREIGN_TASKS = 2;
  private static final int TIMERS = 3;
  private static final int EVENTS = 4;
  private static final int WAITS = 5;
  private static final int WAITING_NANOS = 6;
  private static final int BUDGET_EXHAUSTED = 7;
  private static final int CAP_WITH_WORK = 8;
  private static final int DISCARDED = 9;
  private static final int SOURCES = 10;

  private final AtomicLongArray counters = new AtomicLongArray(11);
  private final AtomicLong wakeupsWritten = new AtomicLong();
  private final AtomicLong wakeupsFailed = new AtomicLong();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder faults = new LongAdder();

  private final Ingress ingress;
  private final LongSupplier clock;
  private final boolean timed;
  private final int mask;

  private final DepthGauge foreign = new DepthGauge();
  private final DepthGauge own = new DepthGauge();
  private final DepthGauge timers = new DepthGauge();

  private volatile List<Slice> slices = List.of();

  /* The loop's own: the slice that it writes to. */

  private long sliceFromNanos;
  private long tasksBefore;
  private long timersBefore;
  private long eventsBefore;
  private long waitingNanosBefore;
  private Histogram queueWait = times();
  private Histogram run = times();
  private Histogram timerLateness = times();
  private Histogram eventsPerWait = sizes();

  /**
   * @param sampleEvery every which task is timed, a power of two; 0 counts only
   * @param clock the loop's time
   */
  LoopMetrics(int sampleEvery, Ingress ingress, LongSupplier clock) {
    this.timed = sampleEvery > 0;
    this.mask = sampleEvery - 1;
    this.ingress = ingress;
    this.clock = clock;
  }

  /** What is known now. Callable by any thread. */
  public LoopSnapshot snapshot() {
    long nowNanos = clock.getAsLong();
    LoopWindow window = LoopWindow.of(slices, nowNanos - WINDOW_NANOS);
    long waitingNanos = counters.getOpaque(WAITING_NANOS);
    long asked = counters.getOpaque(FOREIGN_TASKS);
    long written = wakeupsWritten.get();
    return new LoopSnapshot(
        nowNanos,
        counters.getOpaque(TICKS),
        counters.getOpaque(TASKS),
        counters.getOpaque(TIMERS),
        counters.getOpaque(EVENTS),
        rejected.sum(),
        counters.getOpaque(DISCARDED),
        faults.sum(),
        counters.getOpaque(WAITS),
        waitingNanos,
        Math.max(0, nowNanos - waitingNanos),
        asked,
        written,
        Math.max(0, asked - written),
        wakeupsFailed.get(),
        counters.getOpaque(CAP_WITH_WORK),
        counters.getOpaque(BUDGET_EXHAUSTED),
        (int) counters.getOpaque(SOURCES),
        foreign.depth(ingress.foreignSize(), window.most(Slice::mostForeign)),
        own.depth(window.most(Slice::mostOwn)),
        timers.depth(window.most(Slice::mostTimers)),
        window.rates(),
        window.queueWait(),
        window.run(),
        window.timerLateness(),
        window.eventsPerWait());
  }

  /** How many seconds are kept, for tests. */
  int kept() {
    return slices.size();
  }

  /* Any thread. */

  /** The task, or now and then one that says when it was submitted. */
  Object stamped(Runnable task) {
    return timed && (ThreadLocalRandom.current().nextInt() & mask) == 0
        ? new Stamped(task, clock.getAsLong())
        : task;
  }

  void wakeupWritten(boolean woken) {
    (woken ? wakeupsWritten : wakeupsFailed).getAndIncrement();
  }

  void rejected() {
    rejected.increment();
  }

  void fault() {
    faults.increment();
  }

  /* The loop's thread. */

  void tick(int timersInHeap, int sources) {
    add(TICKS, 1);
    counters.setOpaque(SOURCES, sources);
    if (!timed) {
      return;
    }
    foreign.found(ingress.foreignSize());
    own.found(ingress.ownSize());
    timers.found(timersInHeap);
    long nowNanos = clock.getAsLong();
    if (nowNanos - sliceFromNanos >= SLICE_NANOS) {
      layAside(nowNanos);
    }
  }

  void run(Stamped stamped) {
    long startedNanos = clock.getAsLong();
    queueWait.recordValue(inRange(startedNanos - stamped.submittedNanos));
    try {
      stamped.task.run();
    } finally {
      run.recordValue(inRange(clock.getAsLong() - startedNanos));
    }
  }

  void taskRan() {
    add(TASKS, 1);
  }

  void foreignTask() {
    add(FOREIGN_TASKS, 1);
  }

  void wakeupLost() {
    add(CAP_WITH_WORK, 1);
  }

  void timerRan(long lateNanos) {
    add(TIMERS, 1);
    if (timed) {
      timerLateness.recordValue(inRange(lateNanos));
    }
  }

  void waited(long nanos, int found) {
    add(WAITS, 1);
    add(WAITING_NANOS, nanos);
    if (timed) {
      eventsPerWait.recordValue(Math.min(found, LARGEST_SIZE));
    }
  }

  void handled(int events) {
    if (events > 0) {
      add(EVENTS, events);
    }
  }

  void budgetExhausted() {
    add(BUDGET_EXHAUSTED, 1);
  }

  void discarded(int tasks) {
    add(DISCARDED, tasks);
  }

  private void layAside(long nowNanos) {
    long tasks = counters.getPlain(TASKS);
    long timersRun = counters.getPlain(TIMERS);
    long events = counters.getPlain(EVENTS);
    long waitingNanos = counters.getPlain(WAITING_NANOS);
    List<Slice> kept = new ArrayList<>();
    for (Slice slice : slices) {
      if (slice.toNanos > nowNanos - WINDOW_NANOS) {
        kept.add(slice);
      }
    }
    kept.add(
        new Slice(
            sliceFromNanos,
            nowNanos,
            tasks - tasksBefore,
            timersRun - timersBefore,
            events - eventsBefore,
            waitingNanos - waitingNanosBefore,
            foreign.takeMost(),
            own.takeMost(),
            timers.takeMost(),
            queueWait,
            run,
            timerLateness,
            eventsPerWait));
    slices = List.copyOf(kept);
    sliceFromNanos = nowNanos;
    tasksBefore = tasks;
    timersBefore = timersRun;
    eventsBefore = events;
    waitingNanosBefore = waitingNanos;
    queueWait = fresh(queueWait);
    run = fresh(run);
    timerLateness = fresh(timerLateness);
    eventsPerWait = fresh(eventsPerWait);
  }

  /** Opaque, for there is no other writer. */
  private void add(int counter, long count) {
    counters.setOpaque(counter, counters.getPlain(counter) + count);
  }

  private static long inRange(long nanos) {
    return Math.clamp(nanos, 0, LONGEST_NANOS);
  }

  /** One that nobody has laid aside; the same where nothing was written to it. */
  private static Histogram fresh(Histogram used) {
    return used.getTotalCount() == 0 ? used : new Histogram(used);
  }

  static Histogram times() {
    return new Histogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
  }

  static Histogram sizes() {
    return new Histogram(LARGEST_SIZE, DIGITS);
  }
}
