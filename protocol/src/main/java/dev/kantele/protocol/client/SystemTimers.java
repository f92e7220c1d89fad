package dev.kantele.protocol.client;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers in real time, on one daemon thread. */
final class SystemTimers implements Timers {
  private final ScheduledThreadPoolExecutor executor;

  SystemTimers() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("kantele-client-timers").factory());
    executor.setRemoveOnCancelPolicy(true);
    /* A client that was closed while a task was being scheduled has no use for it. */
    executor.setRejectedExecutionHandler((_, _) -> {});
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    ScheduledFuture<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(/* mayInterruptIfRunning= */ false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
