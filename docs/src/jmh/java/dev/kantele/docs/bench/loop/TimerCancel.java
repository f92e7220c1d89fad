package dev.kantele.docs.bench.loop;

import dev.kantele.runtime.poller.PollerLoop;
import dev.kantele.runtime.poller.Timer;
import dev.kantele.runtime.poller.backend.Backend;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.HashedWheelTimer;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Setting a time limit of 30 s and calling it off, from a thread that is not the timer's: what an
 * idle connection costs with each message. Ours is armed anew; the others make a new one each time,
 * as they have nothing else.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class TimerCancel {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Runnable NOTHING = TimerCancel::nothing;

  /** Our loop and a timer of it. */
  @State(Scope.Benchmark)
  public static class Ours {
    private final PollerLoop loop = Loops.loop(Backend.EPOLL);
    private final Timer timer = loop.timer(_ -> {});

    @TearDown
    public void stop() {
      loop.close();
    }
  }

  /** Netty's event loop. */
  @State(Scope.Benchmark)
  public static class Netty {
    private final MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();

    @TearDown
    public void stop() {
      group.shutdownGracefully().awaitUninterruptibly();
    }
  }

  /** Netty's wheel, with its default tick of 100 ms. */
  @State(Scope.Benchmark)
  public static class Wheel {
    private final HashedWheelTimer timer = new HashedWheelTimer();

    @Setup
    public void start() {
      timer.start();
    }

    @TearDown
    public void stop() {
      timer.stop();
    }
  }

  /** The JDK's. */
  @State(Scope.Benchmark)
  public static class Scheduled {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);

    @Setup
    public void start() {
      executor.setRemoveOnCancelPolicy(true);
    }

    @TearDown
    public void stop() {
      executor.shutdownNow();
    }
  }

  @Benchmark
  public boolean kantele(Ours ours) {
    ours.timer.scheduleNanos(LIMIT_NANOS);
    return ours.timer.cancel();
  }

  @Benchmark
  public boolean nettyEventLoop(Netty netty) {
    return netty.loop.schedule(NOTHING, LIMIT_NANOS, TimeUnit.NANOSECONDS).cancel(false);
  }

  @Benchmark
  public boolean hashedWheelTimer(Wheel wheel) {
    return wheel.timer.newTimeout(_ -> {}, LIMIT_NANOS, TimeUnit.NANOSECONDS).cancel();
  }

  @Benchmark
  public boolean scheduledThreadPool(Scheduled scheduled) {
    return scheduled
        .executor
        .schedule(NOTHING, LIMIT_NANOS, TimeUnit.NANOSECONDS)
        .cancel(/* mayInterruptIfRunning= */ false);
  }

  private static void nothing() {}
}
