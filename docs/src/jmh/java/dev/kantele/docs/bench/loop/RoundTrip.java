package dev.kantele.docs.bench.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From a thread to the loop, which sleeps, and back: the task is one object, so all that is
 * allocated is the loop's. {@code PARK} is two threads that park and unpark each other, without any
 * queue: what the system itself takes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class RoundTrip {
  /** One of {@link Loops}, or PARK. */
  @Param({"KANTELE", "NETTY_EPOLL", "KANTELE_NIO", "NETTY_NIO", "JDK_EXECUTOR", "PARK"})
  private String loop = "";

  private Loops.Running running = new Loops.Running(Runnable::run, () -> {});
  private volatile boolean done;
  private volatile Thread caller = Thread.currentThread();
  private final Runnable task = this::answer;

  @Setup
  public void start() {
    running = loop.equals("PARK") ? Parked.start() : Loops.valueOf(loop).start();
  }

  @TearDown
  public void stop() {
    running.stop().run();
  }

  @Benchmark
  public void roundTrip() {
    caller = Thread.currentThread();
    done = false;
    running.executor().execute(task);
    while (!done) {
      LockSupport.park(this);
    }
  }

  private void answer() {
    done = true;
    LockSupport.unpark(caller);
  }

  /** A thread that parks until there is a task. */
  private static final class Parked implements Runnable {
    private volatile boolean stopped;
    private volatile @Nullable Runnable task;

    static Loops.Running start() {
      var parked = new Parked();
      Thread thread = Thread.ofPlatform().daemon(true).start(parked);
      return new Loops.Running(
          next -> {
            parked.task = next;
            LockSupport.unpark(thread);
          },
          () -> {
            parked.stopped = true;
            LockSupport.unpark(thread);
          });
    }

    @Override
    public void run() {
      while (!stopped) {
        Runnable next = task;
        if (next == null) {
          LockSupport.park(this);
        } else {
          task = null;
          next.run();
        }
      }
    }
  }
}
