package dev.kantele.docs.bench.loop;

import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.backend.Backend;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How late timers run on loops with nothing else to do: delays of 0.2 to 5 ms, one after the other.
 * Prints a line for each: the lateness at 50, 99 and 99.9 %.
 *
 * <p>System property: {@code timers} (3000) for each.
 */
public final class TimerLateness {
  private static final long SHORTEST_NANOS = 200_000;
  private static final long LONGEST_NANOS = 5_000_000;

  /** Schedules one timer on the loop's own thread, or from elsewhere at first. */
  private interface Scheduler {
    void schedule(long delayNanos, Runnable task);
  }

  /** Runs all and prints the lines. */
  public static void main(String[] args) throws InterruptedException {
    PollerLoop loop = Loops.loop(Backend.EPOLL);
    print("kantele", (delay, task) -> loop.timer(_ -> task.run()).scheduleNanos(delay));
    loop.close();
    var epoll = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    print("netty-epoll", netty(epoll.next()));
    var _ = epoll.shutdownGracefully();
    var nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    print("netty-nio", netty(nio.next()));
    var _ = nio.shutdownGracefully();
    var executor = new ScheduledThreadPoolExecutor(1);
    print(
        "scheduled-thread-pool",
        (delay, task) -> {
          var _ = executor.schedule(task, delay, TimeUnit.NANOSECONDS);
        });
    executor.shutdownNow();
  }

  private static Scheduler netty(EventLoop loop) {
    return (delay, task) -> {
      var _ = loop.schedule(task, delay, TimeUnit.NANOSECONDS);
    };
  }

  private static void print(String name, Scheduler scheduler) throws InterruptedException {
    int timers = Integer.getInteger("timers", 3_000);
    var lateness = new Histogram(3);
    var run = new Run(scheduler, lateness, timers);
    run.next();
    run.ended.await();
    System.out.printf(
        Locale.ROOT,
        "lateness %s p50=%.1fus p99=%.1fus p99.9=%.1fus early=%d%n",
        name,
        lateness.getValueAtPercentile(50) / 1e3,
        lateness.getValueAtPercentile(99) / 1e3,
        lateness.getValueAtPercentile(99.9) / 1e3,
        run.early);
  }

  /** One timer after the other; confined to the loop's thread after the first. */
  private static final class Run implements Runnable {
    private final Scheduler scheduler;
    private final Histogram lateness;
    private final SplittableRandom delays = new SplittableRandom(42);
    private final CountDownLatch ended = new CountDownLatch(1);
    private int left;
    private int early;
    private long dueNanos;

    Run(Scheduler scheduler, Histogram lateness, int timers) {
      this.scheduler = scheduler;
      this.lateness = lateness;
      this.left = timers;
    }

    void next() {
      long delay = delays.nextLong(SHORTEST_NANOS, LONGEST_NANOS);
      dueNanos = System.nanoTime() + delay;
      scheduler.schedule(delay, this);
    }

    @Override
    public void run() {
      long late = System.nanoTime() - dueNanos;
      if (late < 0) {
        early++;
      }
      lateness.recordValue(Math.max(0, late));
      if (--left > 0) {
        next();
      } else {
        ended.countDown();
      }
    }
  }

  private TimerLateness() {}
}
