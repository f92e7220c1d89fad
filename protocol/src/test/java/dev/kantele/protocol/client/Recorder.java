package dev.kantele.protocol.client;

import dev.kantele.protocol.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/** A subscriber that writes down what it is told, and asks for what the test says. */
final class Recorder implements Flow.Subscriber<Event> {
  private final long atOnce;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Asks for {@code atOnce} events at the start, if that is more than none. */
  Recorder(long atOnce) {
    this.atOnce = atOnce;
  }

  static Recorder of(Flow.Publisher<Event> publisher) {
    return of(publisher, Long.MAX_VALUE);
  }

  static Recorder of(Flow.Publisher<Event> publisher, long atOnce) {
    var recorder = new Recorder(atOnce);
    publisher.subscribe(recorder);
    return recorder;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
    if (atOnce > 0) {
      given.request(atOnce);
    }
  }

  @Override
  public void onNext(Event event) {
    events.add(event);
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    end.complete(null);
  }

  Flow.Subscription subscription() {
    return ClientHarness.join(subscription);
  }

  /** Completes as the subscription does. */
  CompletableFuture<Void> end() {
    return end;
  }

  Event next() throws InterruptedException {
    return ClientHarness.take(events);
  }

  /** The numbers of the next events. */
  List<Long> next(int number) throws InterruptedException {
    var numbers = new ArrayList<Long>();
    for (int i = 0; i < number; i++) {
      numbers.add(next().seq());
    }
    return numbers;
  }

  /** How many events came and were not taken by the test. */
  int waiting() {
    return events.size();
  }
}
