package dev.kantele.runtime.poller;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.poller.backend.Poller;
import dev.kantele.runtime.poller.backend.Trigger;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits in the kernel for readiness, due timers and tasks from other threads, and
 * runs what they are for.
 *
 * <p>The thread is whose {@link #run} it is ({@link LoopThread} starts one), or who calls {@link
 * #runOnce} again and again: the first of them owns the loop for good, and only it may register
 * core.sources. Tasks and timers come from any thread. What they throw is told to the {@link
 * FaultHandler}, and the loop goes on.
 *
 * <p>A tick is: the tasks that wait, up to a bound; the timers that are due; what was to be done at
 * its end; a wait, which is none if there is work left; and the handlers of what is ready.
 *
 * <p>The queue of tasks has no bound, as an executor must not lose any. What bounds it is who
 * submits: an actor's mailbox is there once, however many messages it holds.
 */
public final class PollerLoop implements Executor, AutoCloseable {
  /** A life that goes one way. */
  public enum State {
    /** No thread has run it yet; it takes tasks and timers. */
    NEW,
    /** A thread owns it. */
    RUNNING,
    /** It does what it took in, and takes no more. */
    STOPPING,
    /** It has released what it had. */
    ENDED
  }

  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(PollerLoop.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LoopSettings settings;
  private final long budgetNanos;
  private final LoopCore core;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Set once. Only the owner finds itself in it, so a plain read tells whether one is the owner.
   */
  private @Nullable Thread owner;

  private volatile State state = State.NEW;

  /** The owner's: whether it runs a tick. */
  private boolean inTick;

  /** A loop that no thread runs yet; it owns the poller from now on. */
  public PollerLoop(LoopSettings settings, Poller poller, Ticker ticker, FaultHandler faults) {
    this.settings = requireNonNull(settings, "settings");
    this.budgetNanos = settings.tickBudget().toNanos();
    this.core =
        new LoopCore(
            settings,
            requireNonNull(poller, "poller"),
            requireNonNull(ticker, "ticker"),
            requireNonNull(faults, "faults"));
  }

  /* Tasks. */

  /**
   * Runs a task on the loop's thread, after those that the calling thread submitted before.
   * Callable by any thread.
   *
   * @throws RejectedExecutionException if the loop is stopping, unless the task is submitted by a
   *     task of the loop's own within the grace after a shutdown
   */
  @Override
  public void execute(Runnable task) {
    requireNonNull(task, "task");
    if (inLoop()) {
      if (!core.takesOwn()) {
        throw rejected();
      }
      core.ingress.offerOwn(core.metrics.stamped(task));
      return;
    }
    if (!core.ingress.offer(core.metrics.stamped(task))) {
      throw rejected();
    }
    core.wakeIfAsleepAfter(Long.MIN_VALUE);
  }

  /**
   * Runs a task once, at the end of this tick, before the loop waits: for what is better done once
   * than each time, as writing what has gathered. Only the loop's thread may call it.
   */
  public void atTickEnd(Runnable task) {
    requireOwner();
    core.atTickEnd(requireNonNull(task, "task"));
  }

  /** Lets the wait that runs, or else the next one, return at once. Callable by any thread. */
  public void wakeup() {
    core.wakeup();
  }

  /* Sources. */

  /**
   * Watches a descriptor: of a socket, a pipe, a process ({@code pidfd}), or whatever else the
   * system can poll. The caller keeps the descriptor, and closes it after {@link
   * Registration#cancel}. Only the loop's thread may call it.
   *
   * @param interest of {@link dev.kantele.runtime.poller.backend.Interest}
   * @throws IOException if the system refuses; nothing is registered then
   * @throws IllegalStateException if it is registered already, on another thread, or after the end
   * @throws UnsupportedOperationException if the back end can't watch it
   */
  public Registration register(
      int descriptor, Trigger trigger, int interest, ReadinessHandler handler) throws IOException {
    return register(new Registration(this, descriptor, trigger, interest, handler));
  }

  /**
   * Watches a channel that does not block; otherwise as {@link #register(int, Trigger, int,
   * ReadinessHandler)}.
   */
  public Registration register(
      SelectableChannel channel, Trigger trigger, int interest, ReadinessHandler handler)
      throws IOException {
    return register(new Registration(this, channel, trigger, interest, handler));
  }

  private Registration register(Registration registration) throws IOException {
    requireOwner();
    if (!core.takesOwn()) {
      throw new IllegalStateException(
          registration.source()
              + ": loop "
              + settings.name()
              + " is at its end; the source stays the caller's alone");
    }
    core.sources.add(registration);
    return registration;
  }

  void update(Registration registration, int interest) throws IOException {
    requireOwner();
    core.sources.update(registration, interest);
  }

  void cancel(Registration registration) {
    requireOwner();
    core.sources.cancel(registration);
  }

  /* Timers. */

  /** A timer that is not scheduled yet, for one time at a time. Callable by any thread. */
  public Timer timer(TimerTask task) {
    return new Timer(this, task, /* periodNanos= */ 0);
  }

  /**
   * A timer that is not scheduled yet and, once it is, goes on at each period after its first time,
   * without drift. Periods that are over before it can run are left out. Callable by any thread.
   */
  public Timer interval(Duration period, TimerTask task) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period: " + period + " (expected: above 0)");
    }
    return new Timer(this, task, Math.min(period.toNanos(), Timer.LONGEST_DELAY_NANOS));
  }

  void schedule(Timer timer, long delayNanos) {
    if (inLoop()) {
      if (!core.takesOwn()) {
        throw rejected();
      }
      core.schedule(timer, delayNanos);
      return;
    }
    long deadlineNanos = nanos() + delayNanos;
    timer.wantElsewhere(deadlineNanos);
    if (timer.queue() && !core.ingress.offer(timer)) {
      timer.unqueue();
      timer.wantElsewhere(Timer.IDLE);
      throw rejected();
    }
    core.wakeIfAsleepAfter(deadlineNanos);
  }

  void cancelled(Timer timer) {
    if (!inLoop()) {
      core.timers.cancelledElsewhere();
    } else if (timer.heapIndex != Timer.NOT_IN_HEAP) {
      core.timers.cancelledHere();
    }
  }

  /** The loop's time: nanoseconds since it was made. Callable by any thread. */
  public long nanos() {
    return core.nanos();
  }

  /* Life. */

  /** What the loop is at. Callable by any thread. */
  public State state() {
    return state;
  }

  /** Why the loop ended by itself, if it did. Callable by any thread. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(core.failure());
  }

  /** What it is called. */
  public String name() {
    return settings.name();
  }

  /** How it does. */
  public LoopMetrics metrics() {
    return core.metrics;
  }

  /** Whether the calling thread is the loop's. */
  @SuppressWarnings("ReferenceEquality") // Threads are equal only to themselves.
  public boolean inLoop() {
    return Thread.currentThread() == owner;
  }

  /**
   * Makes the calling thread the loop's, for good. {@link #run} and {@link #runOnce} do so by
   * themselves.
   *
   * @throws IllegalStateException if another thread is, or the loop has ended
   */
  public void adopt() {
    if (!inLoop()) {
      adoptBy(Thread.currentThread());
    }
  }

  /** Makes a thread the loop's that need not have begun. */
  void adoptBy(Thread thread) {
    if (!OWNER.compareAndSet(this, null, thread)) {
      throw new IllegalStateException(
          "loop " + settings.name() + " is run already, by " + OWNER.getVolatile(this));
    }
    state = State.RUNNING;
  }

  /**
   * Runs until the loop has ended.
   *
   * @throws IllegalStateException on another thread than the loop's, from within the loop, or after
   *     its end
   */
  public void run() {
    do {
      runOnce(Poller.FOREVER);
    } while (state != State.ENDED);
  }

  /**
   * Runs one tick.
   *
   * @param maxWaitNanos the longest that it may wait; 0 does not wait
   * @return how many tasks, timers and handlers ran
   * @throws IllegalStateException as {@link #run}
   */
  public int runOnce(long maxWaitNanos) {
    return runOnce(maxWaitNanos, budgetNanos);
  }

  /**
   * Runs one tick.
   *
   * @param maxWaitNanos the longest that it may wait; 0 does not wait
   * @param budgetNanos how long tasks and timers may take; what is left runs in the next tick
   * @return how many tasks, timers and handlers ran
   * @throws IllegalStateException as {@link #run}
   */
  public int runOnce(long maxWaitNanos, long budgetNanos) {
    if (state == State.ENDED) {
      throw new IllegalStateException("loop " + settings.name() + " has ended");
    }
    adopt();
    if (inTick) {
      throw new IllegalStateException("loop " + settings.name() + " can't be run by its own tasks");
    }
    inTick = true;
    try {
      if (!core.stopIsAsked()) {
        return core.tick(maxWaitNanos, budgetNanos);
      }
      return stop();
    } finally {
      inTick = false;
    }
  }

  private int stop() {
    state = State.STOPPING;
    try {
      return core.stop();
    } finally {
      state = State.ENDED;
      ended.countDown();
    }
  }

  /**
   * Lets the loop do what it has taken in, and end. From now on it takes no task from other
   * threads; timers do not run. Returns at once, unless no thread has run the loop: then the
   * calling one does. Callable by any thread, any number of times.
   */
  public void shutdown() {
    core.ask(LoopCore.Request.SHUTDOWN);
    if (OWNER.compareAndSet(this, null, Thread.currentThread())) {
      state = State.RUNNING;
      runOnce(0);
    }
  }

  /**
   * Ends the loop. What runs goes on to its end; what waits does not run, and is told as a fault.
   * Waits for the end, unless it is called on the loop's thread, which ends when what calls this is
   * done. Callable by any thread, any number of times.
   */
  @Override
  public void close() {
    core.ask(LoopCore.Request.CLOSE);
    if (OWNER.compareAndSet(this, null, Thread.currentThread())) {
      state = State.RUNNING;
    }
    if (!inLoop()) {
      awaitEnd();
    } else if (!inTick && state != State.ENDED) {
      runOnce(0);
    }
  }

  /**
   * Waits for the end.
   *
   * @return false if the time was over before
   * @throws IllegalStateException on the loop's thread, which would wait for itself
   */
  public boolean awaitTermination(Duration atMost) throws InterruptedException {
    if (inLoop() && state != State.ENDED) {
      throw new IllegalStateException("loop " + settings.name() + " can't wait for its own end");
    }
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void awaitEnd() {
    boolean interrupted = false;
    while (ended.getCount() > 0) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireOwner() {
    if (!inLoop()) {
      throw new IllegalStateException(
          "called on " + Thread.currentThread() + " (expected: the thread of " + this + ")");
    }
  }

  private RejectedExecutionException rejected() {
    core.metrics.rejected();
    return new RejectedExecutionException(this + " takes no more");
  }

  @Override
  public String toString() {
    return "PollerLoop[" + settings.name() + ", " + state + "]";
  }
}
