package dev.kantele.cluster.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.codec.WireCodec;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A session's events on their way from the client to the thread that reads them: as many as {@link
 * #AHEAD}, and the end.
 */
final class RemoteSubscription implements Subscription, Flow.Subscriber<Event> {
  private static final int AHEAD = 64;

  /** What comes, one after the other. */
  private sealed interface Signal {
    record Next(Event event) implements Signal {}

    record End(AccessException because) implements Signal {}
  }

  private final WireCodec codec = new WireCodec();
  private final long lastSeqAtStart;
  private final CompletableFuture<Flow.Subscription> upstream = new CompletableFuture<>();

  /** Bounded by what was asked for. */
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  RemoteSubscription(long lastSeqAtStart) {
    this.lastSeqAtStart = lastSeqAtStart;
  }

  @Override
  public long lastSeqAtStart() {
    return lastSeqAtStart;
  }

  @Override
  public Received next() {
    try {
      switch (signals.take()) {
        case Signal.Next(var event) -> {
          upstream.join().request(1);
          return new Received(event, new String(codec.encode(event), UTF_8));
        }
        case Signal.End end -> {
          /* For whoever asks again. */
          signals.add(end);
          throw end.because();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Failures.interrupted();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    upstream.complete(subscription);
    subscription.request(AHEAD);
  }

  @Override
  public void onNext(Event event) {
    signals.add(new Signal.Next(event));
  }

  @Override
  public void onError(Throwable failure) {
    signals.add(new Signal.End(Failures.asAccess(failure)));
  }

  @Override
  public void onComplete() {
    signals.add(new Signal.End(AccessException.detached("the session is closed")));
  }
}
