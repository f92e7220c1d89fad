package dev.kantele.runtime.session.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, by its moment and then by the order in which it was planned. */
final class Timeline {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>(
          Comparator.comparingLong((Planned planned) -> planned.atMillis)
              .thenComparingLong(planned -> planned.order));
  private long nowMillis;
  private long order;

  /** Something that is to happen, unless it is called off. */
  static final class Planned {
    private final long atMillis;
    private final long order;
    private final Runnable action;
    private boolean calledOff;

    private Planned(long atMillis, long order, Runnable action) {
      this.atMillis = atMillis;
      this.order = order;
      this.action = action;
    }

    void callOff() {
      calledOff = true;
    }
  }

  Planned in(long millis, Runnable action) {
    var planned = new Planned(nowMillis + millis, order++, action);
    plan.add(planned);
    return planned;
  }

  Planned in(Duration delay, Runnable action) {
    return in(delay.toMillis(), action);
  }

  /** Has the next thing happen; false if nothing is planned. */
  boolean advance() {
    Planned next = plan.poll();
    while (next != null && next.calledOff) {
      next = plan.poll();
    }
    if (next == null) {
      return false;
    }
    nowMillis = next.atMillis;
    next.action.run();
    return true;
  }

  long nowMillis() {
    return nowMillis;
  }

  Instant now() {
    return START.plusMillis(nowMillis);
  }
}
