package dev.kantele.runtime.journal;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.dispatch.Futures;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/**
 * Lets one transaction at a time write to the SQLite file. SQLite has room for one as well, but who
 * finds it taken sleeps and tries again, ever longer, while others come and go; a row of deletions
 * could keep sessions from writing for seconds. Here the kinds take turns, so that a batch of
 * events, of which there is one at a time, waits for two other transactions at the most.
 * Thread-safe.
 */
final class WriteTurns implements Extension {
  /** What is written. */
  enum Kind {
    /** A batch of many sessions' rows. */
    EVENTS,
    /** A snapshot, for which its session waits. */
    SNAPSHOT,
    /** Anything else, for which nobody waits. */
    DELETION
  }

  /** The kind that had its turn longest ago comes first. */
  private final Map<Kind, Queue<Turn<?>>> waiting = new LinkedHashMap<>();

  private final CompletableFuture<Done> stopped = new CompletableFuture<>();

  private boolean taken;
  private boolean stopping;

  private WriteTurns() {
    for (Kind kind : Kind.values()) {
      waiting.put(kind, new ArrayDeque<>());
    }
  }

  static WriteTurns of(ActorSystem system) {
    return Id.INSTANCE.get(system);
  }

  /** Runs {@code transaction} when it is its turn. */
  <T> Future<T> write(Kind kind, Supplier<Future<T>> transaction, ExecutionContext executor) {
    Turn<T> turn = new Turn<>(transaction, executor);
    synchronized (this) {
      requireNonNull(waiting.get(kind)).add(turn);
    }
    startNext();
    return turn.result.future();
  }

  /**
   * Begins no transaction any more; what waits, waits for good. Completes when none is under way:
   * one that is left in the middle would keep its lock on the file for as long as the JVM lives.
   */
  CompletionStage<Done> stop() {
    synchronized (this) {
      stopping = true;
      if (taken) {
        return stopped.copy();
      }
    }
    stopped.complete(Done.getInstance());
    return stopped.copy();
  }

  private void startNext() {
    Turn<?> next = takeNext();
    if (next != null) {
      next.start(this::end);
    }
  }

  private synchronized @Nullable Turn<?> takeNext() {
    if (taken || stopping) {
      return null;
    }
    for (var queue : waiting.entrySet()) {
      Turn<?> turn = queue.getValue().poll();
      if (turn != null) {
        taken = true;
        putLast(queue.getKey());
        return turn;
      }
    }
    return null;
  }

  private void putLast(Kind kind) {
    Queue<Turn<?>> queue = requireNonNull(waiting.remove(kind));
    waiting.put(kind, queue);
  }

  private void end() {
    boolean last;
    synchronized (this) {
      taken = false;
      last = stopping;
    }
    if (last) {
      stopped.complete(Done.getInstance());
    }
    startNext();
  }

  private static final class Turn<T> {
    private final Supplier<Future<T>> transaction;
    private final ExecutionContext executor;
    private final Promise<T> result = Promise.apply();

    Turn(Supplier<Future<T>> transaction, ExecutionContext executor) {
      this.transaction = transaction;
      this.executor = executor;
    }

    void start(Runnable end) {
      begin()
          .onComplete(
              outcome -> {
                end.run();
                return result.complete(outcome);
              },
              executor);
    }

    private Future<T> begin() {
      try {
        return transaction.get();
      } catch (RuntimeException e) {
        return Futures.failed(e);
      }
    }
  }

  private static final class Id extends AbstractExtensionId<WriteTurns> {
    private static final Id INSTANCE = new Id();

    @Override
    public WriteTurns createExtension(ExtendedActorSystem system) {
      return new WriteTurns();
    }
  }
}
