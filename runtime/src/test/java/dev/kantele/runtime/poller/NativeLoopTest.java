package dev.kantele.runtime.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.runtime.poller.backend.Backend;
import dev.kantele.runtime.poller.backend.Cpus;
import dev.kantele.runtime.poller.backend.NativeSyscalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Loops with threads of their own, on what this machine has. */
@ParameterizedClass
@EnumSource(
    value = Backend.class,
    names = {"AUTO", "NIO"})
@Timeout(60)
class NativeLoopTest {
  private final Backend backend;
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final List<PollerLoop> loops = new ArrayList<>();

  NativeLoopTest(Backend backend) {
    this.backend = backend;
  }

  private PollerLoop loop() throws IOException {
    PollerLoop loop =
        new PollerLoop(
            LoopSettings.of("native"),
            backend.open(),
            Ticker.system(),
            (_, thrown) -> faults.add(thrown));
    loops.add(loop);
    return loop;
  }

  private PollerLoop running() throws IOException {
    PollerLoop loop = loop();
    LoopThread.start(
        loop,
        /* daemon= */ true,
        OptionalInt.empty(),
        new NativeSyscalls(),
        (_, thrown) -> faults.add(thrown));
    return loop;
  }

  @AfterEach
  void end() {
    loops.forEach(PollerLoop::close);
    for (PollerLoop loop : loops) {
      assertThat(loop.metrics().snapshot().wakeupsByCapWithWork()).as("lost wake-ups").isZero();
    }
  }

  private static List<Thread> threads(int count, Runnable body) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().start(body));
    }
    return threads;
  }

  @Nested
  class Tasks {
    @Test
    void of_one_thread_make_the_way_there_and_back_without_a_loss() throws Exception {
      PollerLoop loop = running();
      SynchronousQueue<Integer> back = new SynchronousQueue<>();
      long longest = 0;
      for (int i = 0; i < 20_000; i++) {
        int number = i;
        long begun = System.nanoTime();
        loop.execute(
            () -> {
              try {
                back.put(number);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
        assertThat(back.take()).isEqualTo(number);
        longest = Math.max(longest, System.nanoTime() - begun);
      }
      assertThat(longest)
          .as("far below the cap of a wait, which would hide a loss")
          .isLessThan(TimeUnit.MILLISECONDS.toNanos(900));
    }

    @Test
    void of_many_threads_all_run_and_keep_their_order() throws Exception {
      PollerLoop loop = running();
      int producers = 4;
      int each = 50_000;
      CountDownLatch done = new CountDownLatch(producers * each);
      AtomicInteger disorder = new AtomicInteger();
      threads(
          producers,
          () -> {
            int[] last = {-1};
            for (int i = 0; i < each; i++) {
              int number = i;
              loop.execute(
                  () -> {
                    if (last[0] != number - 1) {
                      disorder.incrementAndGet();
                    }
                    last[0] = number;
                    done.countDown();
                  });
              if (ThreadLocalRandom.current().nextInt(1_000) == 0) {
                Thread.onSpinWait();
              }
            }
          });
      assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
      assertThat(disorder).hasValue(0);
      assertThat(loop.metrics().snapshot().wakeupsWritten())
          .as("most find the loop awake")
          .isLessThan(producers * each / 2);
    }

    @Test
    void are_run_or_rejected_and_nothing_else_while_the_loop_is_shut_down() throws Exception {
      for (int round = 0; round < 100; round++) {
        PollerLoop loop = running();
        AtomicLong accepted = new AtomicLong();
        AtomicLong rejected = new AtomicLong();
        AtomicLong ran = new AtomicLong();
        CountDownLatch begun = new CountDownLatch(3);
        List<Thread> producers =
            threads(
                3,
                () -> {
                  begun.countDown();
                  for (int i = 0; i < 2_000; i++) {
                    try {
                      loop.execute(
                          () -> {
                            ran.incrementAndGet();
                            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                              accepted.incrementAndGet();
                              loop.execute(ran::incrementAndGet);
                            }
                          });
                      accepted.incrementAndGet();
                    } catch (RejectedExecutionException e) {
                      rejected.incrementAndGet();
                    }
                  }
                });
        begun.await();
        List<Thread> stoppers = threads(2, loop::shutdown);
        for (Thread thread : producers) {
          thread.join();
        }
        for (Thread thread : stoppers) {
          thread.join();
        }
        assertThat(loop.awaitTermination(Duration.ofSeconds(30))).isTrue();
        assertThat(ran).as("round %d", round).hasValue(accepted.get());
        assertThat(loop.metrics().snapshot().rejected()).isEqualTo(rejected.get());
      }
      assertThat(faults).isEmpty();
    }
  }

  @Nested
  class Timers {
    @Test
    void end_in_one_way_each_though_others_call_them_off_when_they_are_due() throws Exception {
      PollerLoop loop = running();
      AtomicLong ran = new AtomicLong();
      AtomicLong off = new AtomicLong();
      int each = 2_000;
      List<Thread> threads =
          threads(
              3,
              () -> {
                for (int i = 0; i < each; i++) {
                  Timer timer = loop.timer(_ -> ran.incrementAndGet());
                  timer.scheduleNanos(ThreadLocalRandom.current().nextInt(50_000));
                  if (ThreadLocalRandom.current().nextBoolean()) {
                    Thread.onSpinWait();
                  }
                  if (timer.cancel()) {
                    off.incrementAndGet();
                  }
                }
              });
      for (Thread thread : threads) {
        thread.join();
      }
      CompletableFuture<Long> result = new CompletableFuture<>();
      loop.timer(_ -> result.complete(ran.get() + off.get())).schedule(Duration.ofMillis(5));
      assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(3L * each);
    }

    @Test
    void of_one_time_end_in_one_way_each_though_another_thread_goes_after_them() throws Exception {
      PollerLoop loop = running();
      int count = 60;
      for (int round = 0; round < 3_000; round++) {
        AtomicInteger ran = new AtomicInteger();
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          timers.add(loop.timer(_ -> ran.incrementAndGet()));
        }
        CountDownLatch begun = new CountDownLatch(1);
        loop.execute(
            () -> {
              timers.forEach(timer -> timer.scheduleNanos(0));
              begun.countDown();
            });
        begun.await();
        int off = 0;
        // From the end, so that it meets the loop on its way.
        for (int i = count - 1; i >= 0; i--) {
          off += timers.get(i).cancel() ? 1 : 0;
        }
        CompletableFuture<Integer> all = new CompletableFuture<>();
        loop.timer(_ -> all.complete(ran.get())).scheduleNanos(0);
        assertThat(all.get(30, TimeUnit.SECONDS) + off).isEqualTo(count);
      }
    }

    @Test
    void that_come_first_are_not_held_up_by_those_that_were_there_before() throws Exception {
      PollerLoop loop = running();
      loop.timer(_ -> {}).schedule(Duration.ofHours(1));
      for (int i = 0; i < 100; i++) {
        CompletableFuture<Long> early = new CompletableFuture<>();
        long asked = loop.nanos() + 1_000_000;
        loop.timer(_ -> early.complete(loop.nanos() - asked)).scheduleNanos(1_000_000);
        assertThat(early.get(30, TimeUnit.SECONDS))
            .as("never early, and not by the cap of a wait")
            .isBetween(0L, 900_000_000L);
      }
    }
  }

  @Nested
  class Ending {
    @Test
    void happens_once_though_many_ask_for_it() throws Exception {
      for (int round = 0; round < 50; round++) {
        PollerLoop loop = running();
        CompletableFuture<Void> released = new CompletableFuture<>();
        Timer timer =
            loop.timer(
                new TimerTask() {
                  @Override
                  public void due(Timer self) {}

                  @Override
                  public void dropped(Timer self) {
                    assertThat(released.complete(null)).isTrue();
                  }
                });
        timer.schedule(Duration.ofDays(1));
        List<Thread> stoppers =
            threads(
                8,
                () -> {
                  if (ThreadLocalRandom.current().nextBoolean()) {
                    loop.shutdown();
                  } else {
                    loop.close();
                  }
                });
        for (Thread thread : stoppers) {
          thread.join();
        }
        assertThat(loop.awaitTermination(Duration.ofSeconds(30))).isTrue();
        assertThat(released).isCompleted();
      }
      assertThat(faults).isEmpty();
    }

    @Test
    void wakes_a_loop_that_waits() throws Exception {
      PollerLoop loop = running();
      CompletableFuture<Void> there = new CompletableFuture<>();
      loop.execute(() -> there.complete(null));
      there.get(30, TimeUnit.SECONDS);
      loop.close();
      assertThat(loop.state()).isEqualTo(PollerLoop.State.ENDED);
    }

    @Test
    void from_two_threads_of_a_loop_that_never_ran() throws Exception {
      PollerLoop loop = loop();
      for (Thread thread : threads(4, loop::close)) {
        thread.join();
      }
      assertThat(loop.state()).isEqualTo(PollerLoop.State.ENDED);
      assertThatThrownBy(() -> loop.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class);
    }
  }

  @Nested
  class AProcessor {
    @Test
    @EnabledOnOs(OS.LINUX)
    void is_where_the_loop_runs_if_it_is_set() throws Exception {
      NativeSyscalls system = new NativeSyscalls();
      int cpu = Cpus.allowed(system).nextSetBit(0);
      PollerLoop loop = loop();
      LoopThread.start(loop, true, OptionalInt.of(cpu), system, (_, thrown) -> faults.add(thrown));
      CompletableFuture<BitSet> allowed = new CompletableFuture<>();
      loop.execute(
          () -> {
            try {
              allowed.complete(Cpus.allowed(system));
            } catch (IOException e) {
              allowed.completeExceptionally(e);
            }
          });
      assertThat(allowed.get(30, TimeUnit.SECONDS))
          .isEqualTo(BitSet.valueOf(new long[] {1L << cpu}));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void that_is_not_there_is_told_and_the_loop_runs_elsewhere() throws Exception {
      PollerLoop loop = loop();
      LoopThread.start(
          loop,
          true,
          OptionalInt.of(Cpus.LIMIT - 1),
          new NativeSyscalls(),
          (_, thrown) -> faults.add(thrown));
      CompletableFuture<Void> there = new CompletableFuture<>();
      loop.execute(() -> there.complete(null));
      there.get(30, TimeUnit.SECONDS);
      assertThat(faults)
          .singleElement()
          .asString()
          .contains("sched_setaffinity to processor 1023: EINVAL");
    }
  }
}
