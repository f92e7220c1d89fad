package dev.kantele.testkit.world;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.BlockContext;

/**
 * A queue of everything that can run, out of which a seeded choice takes one thing after another,
 * and a time that moves only when it is told to. What runs in it belongs to a {@link
 * SimulatedProcess}, and dies with that.
 *
 * <p>Nothing runs by itself: whoever calls {@link #runUntilIdle}, {@link #advance} or {@link
 * #await} runs it on its own thread until what it wants is so. Threads that are started for code
 * that blocks run one after the other, each until it ends or waits, while all else stands still. So
 * the same seed, and the same calls from the test, give the same run. To be used by one thread.
 */
public final class World {
  /** When each world begins. */
  public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  /** How far {@link #await} moves the time, if nobody says otherwise. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(World.class);
  private static final int MAX_STRAYS = 100;

  private final long seed;
  private final SplittableRandom choices;
  private final SplittableRandom names;
  private final List<Task> queue = new ArrayList<>();

  /** What other threads posted; taken in between two steps, when they all wait. */
  private final Queue<Task> posted = new ConcurrentLinkedQueue<>();

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();

  /** Set by other threads, and not yet among the others. */
  private final Queue<Timer> postedTimers = new ConcurrentLinkedQueue<>();

  private final Guests guests = new Guests();
  private final ReentrantLock turn = new ReentrantLock();
  private final Trace trace = new Trace();
  private final Queue<String> strays = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Clock clock = new WorldClock(this);

  private volatile long nanos;
  private volatile @Nullable Thread driver;
  private long timerNumbers;
  private long steps;

  private record Task(SimulatedProcess process, Runnable action) {}

  /** Something to be done at a time; of several at the same time the first that was set. */
  static final class Timer implements Comparable<Timer> {
    private final SimulatedProcess process;
    private final long at;
    private volatile @Nullable Runnable action;

    /** Given when it is among the others. */
    private long number;

    private Timer(SimulatedProcess process, long at, Runnable action) {
      this.process = process;
      this.at = at;
      this.action = action;
    }

    /** Takes it back; false if it was done, or taken back, before. */
    boolean cancel() {
      boolean was = action != null;
      action = null;
      return was;
    }

    boolean isOver() {
      return action == null;
    }

    private void fire() {
      Runnable todo = action;
      action = null;
      if (todo != null) {
        todo.run();
      }
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** A world whose every choice follows from {@code seed}. */
  public World(long seed) {
    this.seed = seed;
    var random = new SplittableRandom(seed);
    this.choices = random.split();
    this.names = random.split();
  }

  /** The seed that it was made with. */
  public long seed() {
    return seed;
  }

  /** Returns a new process, which runs until it is killed. */
  public SimulatedProcess process(String name) {
    return new SimulatedProcess(this, name, names.split());
  }

  /** The time that has passed since the world began. */
  public Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  /** The time by this world's clock, in UTC. */
  public Clock clock() {
    return clock;
  }

  /** How many things have run. */
  public long steps() {
    return steps;
  }

  /** What actors received, in order. */
  public Trace trace() {
    return trace;
  }

  /**
   * Names of threads that handed over something and are not of this world, the first 100. Where
   * there are any, a seed may not give the same run again.
   */
  public List<String> strays() {
    return List.copyOf(strays);
  }

  /** Runs what can run, until nothing can; the time stands still. */
  public void runUntilIdle() {
    drive(() -> false, nanos);
  }

  /** Lets {@code duration} pass, and runs what can run until then, each at its time. */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: " + duration + " (expected: 0 or more)");
    }
    long until = Math.addExact(nanos, duration.toNanos());
    drive(() -> false, until);
    nanos = until;
  }

  /** As {@link #await(CompletionStage, Duration)}, for at most a day. */
  public <T> T await(CompletionStage<T> stage) {
    return await(stage, DEFAULT_PATIENCE);
  }

  /**
   * Runs what can run until {@code stage} has completed. Where nothing can run the time moves on to
   * the next timer, by {@code patience} at the most.
   *
   * @throws AssertionError if it does not complete
   * @throws CompletionException if it completes with a failure
   */
  public <T> T await(CompletionStage<T> stage, Duration patience) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    awaitUntil(future::isDone, patience);
    return future.join();
  }

  /**
   * Runs what can run until {@code wanted}; otherwise as {@link #await(CompletionStage, Duration)}.
   */
  public void awaitUntil(BooleanSupplier wanted, Duration patience) {
    drive(wanted, Math.addExact(nanos, patience.toNanos()));
    if (!wanted.getAsBoolean()) {
      throw new AssertionError(
          "What is waited for did not happen within %s of virtual time (seed %d).%s"
              .formatted(patience, seed, timers.isEmpty() ? " Nothing can happen any more." : ""));
    }
  }

  /** Makes something here, such as an actor system, of which this thread's world is to be this. */
  <T> T within(SimulatedProcess process, Supplier<T> making) {
    turn.lock();
    Thread before = driver;
    driver = Thread.currentThread();
    try {
      return SimulatedProcess.with(
          process, () -> BlockContext.withBlockContext(new Nested(), making::get));
    } finally {
      driver = before;
      turn.unlock();
    }
  }

  void post(SimulatedProcess process, Runnable action) {
    var task = new Task(process, requireNonNull(action, "action"));
    Thread thread = Thread.currentThread();
    if (isOurs(thread)) {
      queue.add(task);
    } else {
      if (!guests.isOne(thread) && strays.size() < MAX_STRAYS) {
        strays.add(thread.getName());
      }
      posted.add(task);
    }
  }

  Timer schedule(SimulatedProcess process, Duration delay, Runnable action) {
    long at = Math.max(nanos, Math.addExact(nanos, delay.toNanos()));
    var timer = new Timer(process, at, action);
    if (isOurs(Thread.currentThread())) {
      add(timer);
    } else {
      postedTimers.add(timer);
    }
    return timer;
  }

  private void add(Timer timer) {
    timer.number = ++timerNumbers;
    timers.add(timer);
  }

  /* Whether what only the world's own thread may touch is safe with this one. */
  private boolean isOurs(Thread thread) {
    return thread.equals(driver) || (driver == null && !guests.isOne(thread));
  }

  Thread guest(SimulatedProcess process, String name, Runnable body) {
    return guests.add(process, name, body, opening -> post(process, opening));
  }

  boolean isGuest(Thread thread) {
    return guests.isOne(thread);
  }

  void killed(SimulatedProcess process) {
    queue.removeIf(task -> task.process().equals(process));
    timers.removeIf(timer -> timer.process.equals(process));
    postedTimers.removeIf(timer -> timer.process.equals(process));
    guests.forget(process);
  }

  /* Until it is as wanted, or nothing can happen before or at the time "until". */
  private void drive(BooleanSupplier wanted, long until) {
    turn.lock();
    Thread before = driver;
    driver = Thread.currentThread();
    try {
      BlockContext.withBlockContext(
          new Nested(),
          () -> {
            run(wanted, until);
            return Boolean.TRUE;
          });
    } finally {
      driver = before;
      turn.unlock();
    }
    Throwable found = failure.getAndSet(null);
    if (found != null) {
      throw new AssertionError("Something failed outside all actors (seed " + seed + ").", found);
    }
  }

  private void run(BooleanSupplier wanted, long until) {
    guests.awaitQuiet();
    while (!wanted.getAsBoolean()) {
      takeIn();
      if (!queue.isEmpty()) {
        step();
      } else if (!timers.isEmpty() && timers.peek().at <= until) {
        nanos = Math.max(nanos, timers.peek().at);
      } else {
        return;
      }
    }
  }

  private void takeIn() {
    for (Task task = posted.poll(); task != null; task = posted.poll()) {
      queue.add(task);
    }
    for (Timer timer = postedTimers.poll(); timer != null; timer = postedTimers.poll()) {
      add(timer);
    }
    while (!timers.isEmpty() && timers.peek().at <= nanos) {
      Timer due = timers.remove();
      queue.add(new Task(due.process, due::fire));
    }
  }

  private void step() {
    int chosen = queue.size() == 1 ? 0 : choices.nextInt(queue.size());
    Task task = queue.get(chosen);
    queue.set(chosen, queue.getLast());
    queue.removeLast();
    if (!task.process().isAlive()) {
      return;
    }
    steps++;
    try {
      SimulatedProcess.with(
          task.process(),
          () -> {
            task.action().run();
            return Boolean.TRUE;
          });
    } catch (Throwable e) {
      LOG.error("Something failed outside all actors", e);
      failure.compareAndSet(null, e);
    }
    guests.awaitQuiet();
  }

  /** Where a step waits for something, as Pekko does at its start: all else goes on meanwhile. */
  private final class Nested implements BlockContext {
    @Override
    public <T> T blockOn(scala.Function0<T> thunk, scala.concurrent.CanAwait permission) {
      run(() -> false, nanos);
      return thunk.apply();
    }
  }
}
