package dev.kantele.cluster.client;

import dev.kantele.cluster.access.Received;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way from the connection's thread to the one that reads them. It holds {@code
 * capacity} of them; {@link #put} says when that many are there, and whoever puts then waits for
 * {@code onRoom}.
 */
final class EventBuffer {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Received> events = new ArrayDeque<>();
  private final int capacity;
  private final Runnable onRoom;
  private boolean full;
  private @Nullable ConnectionException end;

  EventBuffer(int capacity, Runnable onRoom) {
    this.capacity = capacity;
    this.onRoom = onRoom;
  }

  /** Adds an event; false if there is no room for another until {@code onRoom} runs. */
  boolean put(Received event) {
    lock.lock();
    try {
      events.add(event);
      full = events.size() >= capacity;
      changed.signal();
      return !full;
    } finally {
      lock.unlock();
    }
  }

  /** Says that nothing comes after what is there. */
  void end(ConnectionException because) {
    lock.lock();
    try {
      end = because;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next event; empty if none comes within {@code patience}. */
  Optional<Received> take(Duration patience) throws ConnectionException, InterruptedException {
    boolean roomAgain;
    Received event;
    lock.lock();
    try {
      long nanos = patience.toNanos();
      while (events.isEmpty()) {
        if (end != null) {
          throw end;
        }
        if (nanos <= 0) {
          return Optional.empty();
        }
        nanos = changed.awaitNanos(nanos);
      }
      event = events.remove();
      roomAgain = full;
      full = false;
    } finally {
      lock.unlock();
    }
    if (roomAgain) {
      onRoom.run();
    }
    return Optional.of(event);
  }
}
