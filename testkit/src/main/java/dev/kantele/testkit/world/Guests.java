package dev.kantele.testkit.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The threads of code that blocks. Each begins in a step of its own; a step is over when all of
 * them wait or have ended. What waits for the clock of the system, in a sleep, is taken for
 * waiting.
 */
final class Guests {
  /** The real time that one may take without waiting once. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final long PAUSE_NANOS = 20_000;

  private final Map<Thread, SimulatedProcess> guests = new ConcurrentHashMap<>();

  /** Adds a thread, which waits until the step that {@code later} is given has come. */
  Thread add(SimulatedProcess process, String name, Runnable body, Consumer<Runnable> later) {
    var opened = new Semaphore(0);
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(
                () -> {
                  opened.acquireUninterruptibly();
                  body.run();
                });
    guests.put(thread, process);
    later.accept(opened::release);
    return thread;
  }

  boolean isOne(Thread thread) {
    return guests.containsKey(thread);
  }

  /** Has nothing to do any more with the threads of a process that is dead. */
  void forget(SimulatedProcess process) {
    guests.values().removeIf(process::equals);
  }

  void awaitQuiet() {
    if (guests.isEmpty()) {
      return;
    }
    List<Thread> all = new ArrayList<>(guests.keySet());
    for (Thread guest : all) {
      awaitQuiet(guest);
    }
  }

  private void awaitQuiet(Thread guest) {
    long pauses = 0;
    while (isBusy(guest)) {
      if (++pauses > LIMIT.toNanos() / PAUSE_NANOS) {
        guests.remove(guest);
        throw new AssertionError(
            "The thread '%s' neither waits nor ends (expected: within %s)"
                .formatted(guest.getName(), LIMIT));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    if (guest.getState() == Thread.State.TERMINATED) {
      guests.remove(guest);
    }
  }

  private static boolean isBusy(Thread guest) {
    return switch (guest.getState()) {
      case RUNNABLE, BLOCKED -> true;
      case NEW, WAITING, TIMED_WAITING, TERMINATED -> false;
    };
  }
}
