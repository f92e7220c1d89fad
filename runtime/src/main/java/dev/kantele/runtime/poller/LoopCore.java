package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.LoopSettings.TimerClamp;
import dev.kantele.runtime.poller.backend.Poller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a loop does at each tick, and at its end. Belongs to the loop's thread, but for what stands
 * first.
 */
final class LoopCore {
  /** What other threads ask of a loop, the stronger last. */
  enum Request {
    NONE,
    SHUTDOWN,
    CLOSE
  }

  /** How many tasks of one queue run before the other one has its turn. */
  private static final int TURN = 64;

  /** How many run between two looks at the clock. */
  private static final int CLOCK_EVERY = 8;

  /** How long a producer may take between adding a task and waking the loop, for telling losses. */
  private static final long WAKING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  final Ingress ingress = new Ingress();
  final TimerQueue timers = new TimerQueue();
  final LoopMetrics metrics;
  final Sources sources;

  private final LoopSettings settings;
  private final FaultHandler faults;
  private final Ticker ticker;
  private final long originNanos;
  private final long capNanos;
  private final long spinNanos;
  private final int clampDepth;
  private final long clampNanos;
  private final WakeWord wake = new WakeWord();

  private volatile Request request = Request.NONE;
  private volatile boolean wakeupAsked;
  private volatile @Nullable Throwable failure;

  /* The loop's thread alone from here. */

  private List<Runnable> tickEnd = new ArrayList<>();
  private List<Runnable> tickEndSpare = new ArrayList<>();
  private boolean takesOwn = true;
  private boolean timersLeft;
  private long tick;
  private int timerDepth;

  /** The wait before was ended by the cap; what others need done by this time came too late. */
  private long overdueNanos = WakeWord.AWAKE;

  LoopCore(LoopSettings settings, Poller poller, Ticker ticker, FaultHandler faults) {
    this.settings = settings;
    this.faults = faults;
    this.ticker = ticker;
    this.originNanos = ticker.nanos();
    this.capNanos = settings.longestWait().toNanos();
    this.spinNanos = settings.spin().toNanos();
    this.clampDepth = settings.timerClamp().map(TimerClamp::depth).orElse(Integer.MAX_VALUE);
    this.clampNanos = settings.timerClamp().map(clamp -> clamp.shortest().toNanos()).orElse(0L);
    this.metrics = new LoopMetrics(settings.sampleEvery(), ingress, this::nanos);
    this.sources = new Sources(poller, this::report);
  }

  /* Any thread. */

  long nanos() {
    return Math.max(0, ticker.nanos() - originNanos);
  }

  @Nullable Throwable failure() {
    return failure;
  }

  synchronized void ask(Request asked) {
    if (asked.compareTo(request) > 0) {
      request = asked;
    }
    wakeIfAsleepAfter(Long.MIN_VALUE);
  }

  void wakeup() {
    wakeupAsked = true;
    wakeIfAsleepAfter(Long.MIN_VALUE);
  }

  void wakeIfAsleepAfter(long neededNanos) {
    long claimed = wake.claim(neededNanos);
    if (claimed == WakeWord.AWAKE) {
      return;
    }
    boolean woken = sources.wakeup();
    metrics.wakeupWritten(woken);
    if (!woken) {
      wake.giveBack(claimed);
      report("waking loop " + settings.name(), new IOException("the system refused to wake it"));
    }
  }

  void report(String what, Throwable thrown) {
    metrics.fault();
    try {
      faults.fault(what, thrown);
    } catch (Throwable e) {
      // Nobody is left to be told; the count says that there was something.
      metrics.fault();
    }
  }

  /* The loop's thread. */

  /** Whether it still takes in what its own tasks add. */
  boolean takesOwn() {
    return takesOwn;
  }

  void atTickEnd(Runnable task) {
    tickEnd.add(task);
  }

  /** Schedules a timer, later than asked if timers schedule timers too deep. */
  void schedule(Timer timer, long delayNanos) {
    timer.depth = timerDepth + 1;
    long deadlineNanos =
        nanos() + (timerDepth > clampDepth ? Math.max(delayNanos, clampNanos) : delayNanos);
    timer.wantHere(deadlineNanos);
    timers.schedule(timer, deadlineNanos, tick);
  }

  boolean stopIsAsked() {
    return request != Request.NONE;
  }

  /** Goes round once; returns how many tasks, timers and handlers ran. */
  int tick(long maxWaitNanos, long budgetNanos) {
    tick++;
    int ran = 0;
    try {
      metrics.tick(timers.size(), sources.size());
      ran = runTasks(budgetNanos);
      ran += runTimers(budgetNanos);
      runTickEnd();
      await(maxWaitNanos);
      int handled = sources.dispatch();
      metrics.handled(handled);
      return ran + handled;
    } catch (Throwable e) {
      failure = e;
      wake.awake();
      report("waiting; loop " + settings.name() + " ends", e);
      ask(Request.SHUTDOWN);
      return ran;
    }
  }

  private int runTasks(long budgetNanos) {
    long untilNanos = nanos() + budgetNanos;
    int most = settings.tasksPerTick();
    int ran = 0;
    int ranBefore;
    do {
      ranBefore = ran;
      ran = runTurn(/* own= */ true, ran, most, untilNanos);
      ran = runTurn(/* own= */ false, ran, most, untilNanos);
    } while (ran != ranBefore && ran < most);
    overdueNanos = WakeWord.AWAKE;
    if (ran >= most) {
      metrics.budgetExhausted();
    }
    return Math.min(ran, most);
  }

  /** Runs some tasks of one queue; {@code most} or more means that the budget is spent. */
  private int runTurn(boolean own, int ranBefore, int most, long untilNanos) {
    int ran = ranBefore;
    int end = Math.min(ranBefore + TURN, most);
    while (ran < end) {
      @Nullable Object task = own ? ingress.pollOwn() : ingress.pollForeign();
      if (task == null) {
        break;
      }
      if (!own) {
        metrics.foreignTask();
        noteIfOverdue(task);
      }
      run(task);
      ran++;
      if (ran % CLOCK_EVERY == 0 && nanos() >= untilNanos) {
        return most;
      }
    }
    return ran;
  }

  private void run(Object task) {
    try {
      switch (task) {
        case Timer timer -> takeIn(timer);
        case LoopMetrics.Stamped stamped -> metrics.run(stamped);
        default -> ((Runnable) task).run();
      }
    } catch (Throwable e) {
      report("a task", e);
    }
    metrics.taskRan();
  }

  /** Counts a task that the cap has brought here, for want of the wake-up that it was due. */
  private void noteIfOverdue(Object task) {
    if (overdueNanos == WakeWord.AWAKE) {
      return;
    }
    if (!(task instanceof Timer timer) || (timer.scheduled() && timer.wanted() < overdueNanos)) {
      metrics.wakeupLost();
      overdueNanos = WakeWord.AWAKE;
    }
  }

  /** Takes note of when another thread wants a timer to run. */
  private void takeIn(Timer timer) {
    timer.unqueue();
    long wantedNanos = timer.wanted();
    if (wantedNanos != Timer.IDLE) {
      timer.depth = 1;
      timers.schedule(timer, wantedNanos, tick);
    }
  }

  private int runTimers(long budgetNanos) {
    timersLeft = false;
    if (timers.isEmpty()) {
      return 0;
    }
    long nowNanos = nanos();
    int ran = 0;
    @Nullable Timer timer;
    while ((timer = timers.pollDue(nowNanos, tick, clampDepth, clampNanos)) != null) {
      metrics.timerRan(nowNanos - timer.dueNanos);
      timerDepth = timer.depth;
      try {
        timer.task.due(timer);
      } catch (Throwable e) {
        report("a timer", e);
      }
      ran++;
      if (ran >= settings.tasksPerTick()
          || (ran % CLOCK_EVERY == 0 && nanos() - nowNanos >= budgetNanos)) {
        metrics.budgetExhausted();
        timersLeft = true;
        break;
      }
    }
    timerDepth = 0;
    timers.endOfRound();
    return ran;
  }

  private void runTickEnd() {
    if (tickEnd.isEmpty()) {
      return;
    }
    List<Runnable> due = tickEnd;
    tickEnd = tickEndSpare;
    tickEndSpare = due;
    for (Runnable task : due) {
      try {
        task.run();
      } catch (Throwable e) {
        report("a task at the end of a tick", e);
      }
    }
    due.clear();
  }

  private void await(long maxWaitNanos) throws IOException {
    long deadlineNanos = timers.nextNanos();
    long nowNanos = nanos();
    if (maxWaitNanos <= 0
        || timersLeft
        || deadlineNanos <= nowNanos
        || !ingress.isEmpty()
        || !tickEnd.isEmpty()
        || spinFindsTasks(nowNanos, deadlineNanos)) {
      sources.poll(0);
      return;
    }
    wake.sleepUntil(deadlineNanos);
    if (!ingress.isEmpty() || request != Request.NONE || wakeupAsked) {
      wake.awake();
      wakeupAsked = false;
      sources.poll(0);
      return;
    }
    long timeoutNanos = Math.min(Math.min(maxWaitNanos, capNanos), deadlineNanos - nowNanos);
    sources.poll(timeoutNanos);
    long afterNanos = nanos();
    if (timeoutNanos == capNanos && afterNanos - nowNanos >= capNanos && sources.nothingFound()) {
      lookForLoss(afterNanos, deadlineNanos);
      afterNanos = nanos();
    }
    wake.awake();
    if (wakeupAsked) {
      wakeupAsked = false;
    }
    metrics.waited(afterNanos - nowNanos, sources.found());
  }

  private boolean spinFindsTasks(long nowNanos, long deadlineNanos) {
    if (spinNanos == 0) {
      return false;
    }
    long untilNanos = Math.min(nowNanos + spinNanos, deadlineNanos);
    do {
      Thread.onSpinWait();
      if (!ingress.isEmpty()) {
        return true;
      }
    } while (nanos() < untilNanos);
    return false;
  }

  /**
   * A wait was ended by the cap. If there is work, its producer may be just about to wake the loop:
   * if that does not happen in a long time, a wake-up was lost, which nothing but the cap repairs.
   */
  private void lookForLoss(long nowNanos, long deadlineNanos) throws IOException {
    if (ingress.isEmpty()) {
      return;
    }
    long graceNanos = Math.min(WAKING_NANOS, deadlineNanos - nowNanos);
    sources.poll(graceNanos);
    if (nanos() - nowNanos >= graceNanos && sources.nothingFound()) {
      overdueNanos = deadlineNanos;
    }
  }

  /* The end. */

  /**
   * Does what a shutdown leaves to do, or a close, and releases everything; returns how many tasks
   * ran.
   */
  int stop() {
    ingress.close();
    int ran = 0;
    if (request == Request.SHUTDOWN) {
      ran = drain();
    }
    takesOwn = false;
    int discarded = discard();
    if (discarded > 0) {
      metrics.discarded(discarded);
      report(
          "closing",
          new RejectedExecutionException(
              discarded + " tasks that waited in loop " + settings.name() + " do not run"));
    }
    dropTimers();
    sources.release();
    return ran;
  }

  /** Runs what was taken in and what that adds, the latter within the grace. */
  private int drain() {
    long untilNanos = nanos() + settings.shutdownGrace().toNanos();
    int ran = 0;
    do {
      @Nullable Object task;
      while (request == Request.SHUTDOWN && (task = ingress.pollOwn()) != null) {
        run(task);
        ran++;
        takesOwn = takesOwn && nanos() < untilNanos;
      }
      runTickEnd();
    } while (takesOwn
        && request == Request.SHUTDOWN
        && !(ingress.isEmpty() && tickEnd.isEmpty())
        && nanos() < untilNanos);
    return ran;
  }

  /** Forgets the tasks that wait, but takes note of timers, so that they are told. */
  private int discard() {
    int discarded = 0;
    @Nullable Object task;
    while ((task = ingress.pollOwn()) != null) {
      if (task instanceof Timer timer) {
        takeIn(timer);
      } else {
        discarded++;
      }
    }
    return discarded;
  }

  private void dropTimers() {
    @Nullable Timer timer;
    while ((timer = timers.drop()) != null) {
      try {
        timer.task.dropped(timer);
      } catch (Throwable e) {
        report("a timer that was dropped", e);
      }
    }
  }
}
