package dev.kantele.docs.bench.loop;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Tasks a second from one and from four threads that post as fast as they may: each has a thousand
 * on their way and waits for them to have run before it posts the next thousand.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class Posting {
  private static final int BATCH = 1_000;

  @Param private Loops loop = Loops.KANTELE;

  private Loops.Running running = new Loops.Running(Runnable::run, () -> {});

  @Setup
  public void start() {
    running = loop.start();
  }

  @TearDown
  public void stop() {
    running.stop().run();
  }

  /** One thread's own: tasks are the same two objects all the time. */
  @State(Scope.Thread)
  public static class Producer {
    private final Semaphore ran = new Semaphore(0);
    private final Runnable task = Producer::nothing;
    private final Runnable last = ran::release;

    private static void nothing() {}
  }

  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(BATCH)
  public void oneProducer(Producer producer) throws InterruptedException {
    post(producer);
  }

  @Benchmark
  @Threads(4)
  @OperationsPerInvocation(BATCH)
  public void fourProducers(Producer producer) throws InterruptedException {
    post(producer);
  }

  private void post(Producer producer) throws InterruptedException {
    for (int i = 1; i < BATCH; i++) {
      running.executor().execute(producer.task);
    }
    running.executor().execute(producer.last);
    producer.ran.acquire();
  }
}
