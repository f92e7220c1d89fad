package dev.kantele.runtime.poller.backend;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A back end without a system, for tests: somebody says what is ready, and time passes only while
 * the loop waits, at once. All is confined to the loop's thread, but for {@link #wakeup} and {@link
 * #nanos}.
 */
public final class SimulatedPoller implements Poller {
  private final AtomicLong nowNanos = new AtomicLong();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Map<Integer, Integer> level = new HashMap<>();
  private final Map<Watch, Boolean> watches = new HashMap<>();
  private final Queue<LongConsumer> waits = new ArrayDeque<>();
  private final Queue<IOException> failures = new ArrayDeque<>();
  private int wakeupsToRefuse;
  private int wakeups;
  private boolean closed;

  /** Virtual time, from 0. */
  public long nanos() {
    return nowNanos.get();
  }

  /** Lets time pass while the loop does not wait, as a task does that takes long. */
  public void advance(long nanos) {
    nowNanos.addAndGet(nanos);
  }

  /** Makes a descriptor ready, beside what it is already. */
  public void makeReady(int descriptor, int readiness) {
    level.merge(descriptor, readiness, (before, more) -> before | more);
    watches.replaceAll((watch, edge) -> edge || watch.descriptor == descriptor);
  }

  /** Makes a descriptor ready no more. */
  public void makeUnready(int descriptor, int readiness) {
    level.computeIfPresent(descriptor, (_, before) -> before & ~readiness);
  }

  /** What happens during the next wait, before its time passes; each such wait takes one. */
  public void duringNextWait(LongConsumer timeoutNanos) {
    waits.add(timeoutNanos);
  }

  /** Lets the next call that can fail do so. */
  public void failNext(IOException failure) {
    failures.add(failure);
  }

  /** Lets the next wake-ups fail. */
  public void refuseWakeups(int times) {
    wakeupsToRefuse = times;
  }

  /** How often the loop was woken, and that worked. */
  public int wakeups() {
    return wakeups;
  }

  /** Whether the loop has closed it. */
  public boolean closed() {
    return closed;
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public void add(Watch watch) throws IOException {
    failIfAsked();
    for (Watch other : watches.keySet()) {
      if (other.descriptor == watch.descriptor && Objects.equals(other.channel, watch.channel)) {
        throw new IllegalStateException(watch.source() + " is registered already: " + other);
      }
    }
    watches.put(watch, true);
    watch.watched = true;
  }

  @Override
  public void update(Watch watch, int interest) throws IOException {
    if (!watch.watched) {
      throw new IllegalStateException(watch + " is not registered");
    }
    failIfAsked();
    watch.interest = interest;
    watch.disarmed = false;
    watches.put(watch, true);
  }

  @Override
  public void remove(Watch watch) {
    watches.remove(watch);
    watch.watched = false;
  }

  @Override
  public void poll(long timeoutNanos, Ready ready) throws IOException {
    failIfAsked();
    @Nullable LongConsumer wait = timeoutNanos > 0 ? waits.poll() : null;
    if (wait != null) {
      wait.accept(timeoutNanos);
    }
    watches.replaceAll((watch, edge) -> find(watch, edge, ready));
    if (ready.size() == 0 && timeoutNanos > 0 && timeoutNanos != FOREVER && !woken.get()) {
      advance(timeoutNanos);
    }
    woken.set(false);
  }

  /** Puts a watch among what is ready, if it is; whether its next change is still to be told. */
  private boolean find(Watch watch, boolean edge, Ready ready) {
    int readiness =
        level.getOrDefault(watch.descriptor, 0) & (watch.interest | Readiness.WHETHER_ASKED_OR_NOT);
    if (readiness == 0 || watch.disarmed || (watch.trigger == Trigger.EDGE && !edge)) {
      return edge && readiness == 0;
    }
    ready.add(watch, readiness);
    watch.disarmed =
        watch.trigger == Trigger.ONE_SHOT
            || (watch.trigger == Trigger.LEVEL && watch.interest == Interest.NONE);
    return false;
  }

  @Override
  public synchronized boolean wakeup() {
    if (closed) {
      return true;
    }
    if (wakeupsToRefuse > 0) {
      wakeupsToRefuse--;
      return false;
    }
    wakeups++;
    woken.set(true);
    return true;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    watches.keySet().forEach(watch -> watch.watched = false);
    watches.clear();
    failIfAsked();
  }

  private void failIfAsked() throws IOException {
    @Nullable IOException failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
  }
}
