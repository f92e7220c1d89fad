package dev.kantele.protocol.client;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.LogId;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a session's events, by the rules of Reactive Streams. The methods of {@link
 * Reader} belong to the client's mailbox, the signals to a mailbox of its own, so that a subscriber
 * may take its time: what it has not asked for stays in its buffer, and when that is full, at the
 * node.
 */
final class EventSubscription extends Reader implements Flow.Subscription {
  /** How it finds its feed, in the client's mailbox. */
  interface Registry {
    void add(EventSubscription subscription);

    void remove(EventSubscription subscription);

    void advance();
  }

  private final Flow.Subscriber<? super Event> subscriber;
  private final Registry registry;
  private final Executor client;
  private final SerialExecutor signals;
  private final int window;
  private final int worthTelling;

  /** Events handed over and not yet reported as taken. The client's mailbox's. */
  private int inBuffer;

  private volatile boolean cancelled;

  private final Queue<Event> buffer = new ArrayDeque<>();
  private long demand;
  private boolean started;
  private int taken;
  private @Nullable Runnable end;

  EventSubscription(
      Flow.Subscriber<? super Event> subscriber,
      Registry registry,
      Executor client,
      Executor threads,
      int window,
      Optional<LogId> log,
      long after) {
    super(log, after);
    this.subscriber = subscriber;
    this.registry = registry;
    this.client = client;
    this.signals = new SerialExecutor(threads, this::onFailure);
    this.window = window;
    this.worthTelling = Math.max(1, window / 4);
  }

  /**
   * Gives the subscriber its subscription. Nothing is asked of the node before the first demand.
   */
  void begin() {
    signals.execute(() -> subscriber.onSubscribe(this));
  }

  @Override
  public void request(long events) {
    signals.execute(() -> requested(events));
  }

  private void requested(long events) {
    if (cancelled) {
      return;
    }
    if (events <= 0) {
      /* Reactive Streams, rule 3.9. */
      leave();
      end(
          () ->
              subscriber.onError(
                  new IllegalArgumentException(
                      "request: " + events + " (expected: more than 0; rule 3.9)")));
      return;
    }
    demand = demand + events < 0 ? Long.MAX_VALUE : demand + events;
    if (!started && end == null) {
      started = true;
      client.execute(() -> registry.add(this));
    }
    deliver();
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      leave();
      signals.execute(buffer::clear);
    }
  }

  /** Whether nothing is to be signalled any more. */
  boolean isCancelled() {
    return cancelled;
  }

  private void leave() {
    client.execute(() -> registry.remove(this));
  }

  @Override
  boolean mayRestart() {
    return true;
  }

  @Override
  int room() {
    return Math.max(0, window - inBuffer);
  }

  @Override
  void happened(Event event) {
    inBuffer++;
    signals.execute(
        () -> {
          buffer.add(event);
          deliver();
        });
  }

  private void deliver() {
    while (demand > 0 && !cancelled && !buffer.isEmpty()) {
      Event event = buffer.remove();
      if (demand != Long.MAX_VALUE) {
        demand--;
      }
      taken++;
      subscriber.onNext(event);
    }
    tell();
    if (buffer.isEmpty() && end != null && !cancelled) {
      Runnable last = end;
      cancelled = true;
      last.run();
    }
  }

  private void tell() {
    if (taken >= worthTelling) {
      int events = taken;
      taken = 0;
      client.execute(
          () -> {
            inBuffer -= events;
            registry.advance();
          });
    }
  }

  @Override
  void completed() {
    signals.execute(
        () -> {
          if (end == null) {
            end = subscriber::onComplete;
          }
          deliver();
        });
  }

  @Override
  void failed(RuntimeException because) {
    signals.execute(() -> end(() -> subscriber.onError(because)));
  }

  /** Ends now: what is in the buffer is in the log, too. */
  private void end(Runnable signal) {
    if (end == null) {
      end = signal;
      buffer.clear();
    }
    deliver();
  }

  /** A subscriber that throws is gone (rule 2.13); who looks after the thread may look after it. */
  private void onFailure(Throwable failure) {
    cancel();
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
  }
}
