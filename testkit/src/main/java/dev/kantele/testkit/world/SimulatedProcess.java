package dev.kantele.testkit.world;

import dev.kantele.runtime.surroundings.DirectStage;
import dev.kantele.runtime.surroundings.Surroundings;
import dev.kantele.runtime.surroundings.Threads;
import dev.kantele.runtime.surroundings.Waiting;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.jspecify.annotations.Nullable;

/**
 * What lives and dies together in a {@link World}: a node, or a client. A process that is killed
 * does nothing any more, from one moment to the next, as one that was ended by {@code kill -9};
 * what it has written elsewhere stays. Confined to the world's thread.
 */
public final class SimulatedProcess implements Executor {
  private static final ThreadLocal<@Nullable SimulatedProcess> CURRENT = new ThreadLocal<>();

  private final World world;
  private final String name;
  private final RandomGenerator random;
  private final Messages messages = new Messages(this);
  private boolean alive = true;

  SimulatedProcess(World world, String name, SplittableRandom random) {
    this.world = world;
    this.name = name;
    this.random = random;
  }

  /**
   * The process in which the caller runs.
   *
   * @throws IllegalStateException if it runs in none
   */
  public static SimulatedProcess current() {
    SimulatedProcess current = CURRENT.get();
    if (current == null) {
      throw new IllegalStateException(
          "thread: " + Thread.currentThread().getName() + " (expected: one that runs a World)");
    }
    return current;
  }

  static <T> T with(SimulatedProcess process, Supplier<T> action) {
    SimulatedProcess before = CURRENT.get();
    CURRENT.set(process);
    try {
      return action.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Makes something that belongs to this process, such as an actor system. */
  public <T> T make(Supplier<T> making) {
    return world.within(this, making);
  }

  /** The world in which it runs. */
  public World world() {
    return world;
  }

  /** The messages between its actors. */
  public Messages messages() {
    return messages;
  }

  /** Whether it was not killed. */
  public boolean isAlive() {
    return alive;
  }

  /** Ends it at once. Nothing of it runs any more. */
  public void kill() {
    alive = false;
    world.killed(this);
  }

  /** Runs {@code action} in one of the next steps; never if the process is dead by then. */
  @Override
  public void execute(Runnable action) {
    if (alive) {
      world.post(this, action);
    }
  }

  /** Runs {@code action} when {@code delay} has passed. Returns what takes it back. */
  public Runnable schedule(Duration delay, Runnable action) {
    return timer(delay, action)::cancel;
  }

  World.Timer timer(Duration delay, Runnable action) {
    World.Timer timer = world.schedule(this, delay, action);
    if (!alive) {
      timer.cancel();
    }
    return timer;
  }

  /**
   * The surroundings of a node that runs in this process.
   *
   * @param setup what its actor system is to be created with
   */
  public Surroundings surroundings(ActorSystemSetup setup) {
    return new Surroundings(world.clock(), random, new GuestThreads(), new Driving(), setup);
  }

  @Override
  public String toString() {
    return name;
  }

  private final class GuestThreads implements Threads {
    @Override
    public Thread unstarted(String threadName, Runnable task) {
      return world.guest(SimulatedProcess.this, threadName, task);
    }

    @Override
    public void interrupt(Thread thread) {
      execute(thread::interrupt);
    }
  }

  private final class Driving implements Waiting {
    @Override
    public <T> CompletableFuture<T> awaitable(CompletionStage<T> stage) {
      var future = new DrivenFuture<T>(world);
      var _ =
          DirectStage.of(stage)
              .whenComplete(
                  (value, failure) -> {
                    if (failure == null) {
                      future.complete(value);
                    } else {
                      future.completeExceptionally(failure);
                    }
                  });
      return future;
    }
  }
}
