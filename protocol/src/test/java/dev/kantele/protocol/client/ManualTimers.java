package dev.kantele.protocol.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Timers that go off when a test says so. */
final class ManualTimers implements Timers {
  private static final long LIMIT_SECONDS = 8;

  /** Each is itself only: two of the same delay and task are two. */
  private static final class Waiting {
    private final Duration delay;
    private final Runnable task;

    Waiting(Duration delay, Runnable task) {
      this.delay = delay;
      this.task = task;
    }

    Duration delay() {
      return delay;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Waiting> waiting = new ArrayList<>();

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var entry = new Waiting(delay, task);
    lock.lock();
    try {
      waiting.add(entry);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return () -> remove(entry);
  }

  private void remove(Waiting entry) {
    lock.lock();
    try {
      waiting.remove(entry);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a task was scheduled for {@code delay} from then, and runs it. */
  void fire(Duration delay) throws InterruptedException {
    Waiting due = null;
    lock.lock();
    try {
      long nanos = TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (due == null) {
        due =
            waiting.stream().filter(entry -> entry.delay().equals(delay)).findFirst().orElse(null);
        if (due == null) {
          if (nanos <= 0) {
            throw new AssertionError("no timer for " + delay + " among " + delays());
          }
          nanos = changed.awaitNanos(nanos);
        }
      }
      waiting.remove(due);
    } finally {
      lock.unlock();
    }
    due.task.run();
  }

  /** The delays of those that wait. */
  List<Duration> delays() {
    lock.lock();
    try {
      return waiting.stream().map(Waiting::delay).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }
}
