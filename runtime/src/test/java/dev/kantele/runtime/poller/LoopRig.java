package dev.kantele.runtime.poller;

import dev.kantele.runtime.poller.backend.SimulatedPoller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A loop on simulated time, run by the test's own thread. */
final class LoopRig {
  static final long MILLI = 1_000_000;

  final SimulatedPoller poller = new SimulatedPoller();
  final List<String> log = new ArrayList<>();
  final List<Throwable> faults = new CopyOnWriteArrayList<>();
  final PollerLoop loop;

  LoopRig() {
    this(UnaryOperator.identity());
  }

  LoopRig(UnaryOperator<LoopSettings> change) {
    this.loop =
        new PollerLoop(
            change.apply(LoopSettings.of("test")),
            poller,
            poller::nanos,
            (_, thrown) -> faults.add(thrown));
  }

  static LoopSettings with(LoopSettings settings, int tasksPerTick, Duration tickBudget) {
    return new LoopSettings(
        settings.name(),
        tasksPerTick,
        tickBudget,
        settings.longestWait(),
        settings.spin(),
        settings.shutdownGrace(),
        settings.sampleEvery(),
        settings.timerClamp());
  }

  static LoopSettings clamped(LoopSettings settings) {
    return new LoopSettings(
        settings.name(),
        settings.tasksPerTick(),
        settings.tickBudget(),
        settings.longestWait(),
        settings.spin(),
        settings.shutdownGrace(),
        settings.sampleEvery(),
        Optional.of(LoopSettings.TimerClamp.STANDARD));
  }

  static LoopSettings spinning(LoopSettings settings, Duration spin) {
    return new LoopSettings(
        settings.name(),
        settings.tasksPerTick(),
        settings.tickBudget(),
        settings.longestWait(),
        spin,
        settings.shutdownGrace(),
        settings.sampleEvery(),
        settings.timerClamp());
  }

  static LoopSettings sampled(LoopSettings settings, int sampleEvery) {
    return new LoopSettings(
        settings.name(),
        settings.tasksPerTick(),
        settings.tickBudget(),
        settings.longestWait(),
        settings.spin(),
        settings.shutdownGrace(),
        sampleEvery,
        settings.timerClamp());
  }

  /** Logs {@code what} when it runs. */
  Runnable task(String what) {
    return () -> log.add(what);
  }

  /** A timer that logs {@code what} and the time in milliseconds. */
  Timer timer(String what) {
    return loop.timer(_ -> log.add(what + "@" + loop.nanos() / MILLI));
  }

  void tick() {
    loop.runOnce(0);
  }

  void ticks(int count) {
    for (int i = 0; i < count; i++) {
      tick();
    }
  }

  /** Runs until the time has passed, waiting as the loop sees fit. */
  void runFor(Duration duration) {
    long until = loop.nanos() + duration.toNanos();
    while (loop.nanos() < until) {
      loop.runOnce(until - loop.nanos());
    }
    tick();
  }

  /** Does something on another thread, and waits until that is done. */
  static void elsewhere(Runnable action) {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    Thread thread =
        Thread.ofPlatform().uncaughtExceptionHandler((_, e) -> thrown.add(e)).unstarted(action);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (!thrown.isEmpty()) {
      if (thrown.getFirst() instanceof RuntimeException exception) {
        throw exception;
      }
      throw new AssertionError(thrown.getFirst());
    }
  }
}
