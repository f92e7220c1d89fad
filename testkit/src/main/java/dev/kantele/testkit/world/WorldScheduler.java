package dev.kantele.testkit.world;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The scheduler of an actor system, by the time of the world in which the system was made. Named in
 * {@code testkit.conf}.
 */
public final class WorldScheduler extends AbstractScheduler {
  private final SimulatedProcess process = SimulatedProcess.current();

  /** Called by Pekko. */
  public WorldScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

  @Override
  @SuppressWarnings("deprecation") // It has to be there, and others call it.
  public Cancellable schedule(
      FiniteDuration initialDelay,
      FiniteDuration interval,
      Runnable runnable,
      ExecutionContext executor) {
    return new Repeated(Duration.ofNanos(interval.toNanos()), runnable, executor)
        .startAfter(Duration.ofNanos(initialDelay.toNanos()));
  }

  @Override
  public Cancellable scheduleOnce(
      FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
    World.Timer timer =
        process.timer(Duration.ofNanos(delay.toNanos()), () -> executor.execute(runnable));
    return new Cancellable() {
      @Override
      public boolean cancel() {
        return timer.cancel();
      }

      @Override
      public boolean isCancelled() {
        return timer.isOver();
      }
    };
  }

  @Override
  public double maxFrequency() {
    return 1_000_000_000;
  }

  /** Something that is done again and again at a fixed rate. */
  private final class Repeated implements Cancellable {
    private final Duration interval;
    private final Runnable runnable;
    private final ExecutionContext executor;
    private boolean cancelled;

    Repeated(Duration interval, Runnable runnable, ExecutionContext executor) {
      this.interval = interval;
      this.runnable = runnable;
      this.executor = executor;
    }

    Repeated startAfter(Duration delay) {
      process.timer(delay, this::fire);
      return this;
    }

    private void fire() {
      if (!cancelled) {
        executor.execute(runnable);
        process.timer(interval, this::fire);
      }
    }

    @Override
    public boolean cancel() {
      boolean was = cancelled;
      cancelled = true;
      return !was;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }
}
