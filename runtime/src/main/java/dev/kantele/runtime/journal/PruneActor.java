package dev.kantele.runtime.journal;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import scala.Option;

/**
 * Does one deletion after another, reports, and stops. A classic actor, since the typed ones delete
 * only what they themselves retain.
 */
final class PruneActor extends AbstractPersistentActor {
  /** What to delete. */
  sealed interface Task {}

  /** Rows and snapshots to a number each, both included. */
  record Range(long eventsTo, long snapshotsTo) implements Task {}

  /** All rows and snapshots. */
  record Everything() implements Task {}

  private final String persistenceId;
  private final Task task;
  private final CompletableFuture<Done> done;
  private final Queue<Runnable> steps = new ArrayDeque<>();

  private PruneActor(String persistenceId, Task task, CompletableFuture<Done> done) {
    this.persistenceId = persistenceId;
    this.task = task;
    this.done = done;
  }

  static Props props(String persistenceId, Task task, CompletableFuture<Done> done) {
    return Props.create(PruneActor.class, () -> new PruneActor(persistenceId, task, done));
  }

  @Override
  public String persistenceId() {
    return persistenceId;
  }

  @Override
  public Recovery recovery() {
    return Recovery.create(SnapshotSelectionCriteria.none(), /* toSequenceNr= */ 0);
  }

  @Override
  public Receive createReceiveRecover() {
    return receiveBuilder().match(RecoveryCompleted.class, completed -> begin()).build();
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(DeleteMessagesSuccess.class, success -> next())
        .match(DeleteSnapshotsSuccess.class, success -> next())
        .match(DeleteMessagesFailure.class, failure -> fail(failure.cause()))
        .match(DeleteSnapshotsFailure.class, failure -> fail(failure.cause()))
        .build();
  }

  private void begin() {
    steps.addAll(
        switch (task) {
          case Range(long eventsTo, long snapshotsTo) ->
              List.of(() -> deleteEvents(eventsTo), () -> deleteSnapshotsTo(snapshotsTo));
          // At each point between two steps, what is left is a state with the last row on top.
          case Everything() ->
              List.of(
                  () -> deleteEvents(lastSequenceNr() - 1),
                  () -> deleteSnapshotsTo(Long.MAX_VALUE),
                  () -> deleteEvents(lastSequenceNr()));
        });
    next();
  }

  private void next() {
    Runnable step = steps.poll();
    if (step != null) {
      step.run();
    } else {
      done.complete(Done.getInstance());
      getContext().stop(getSelf());
    }
  }

  private void deleteEvents(long to) {
    if (to > 0) {
      deleteMessages(to);
    } else {
      next();
    }
  }

  private void deleteSnapshotsTo(long to) {
    if (to > 0) {
      deleteSnapshots(SnapshotSelectionCriteria.create(to, Long.MAX_VALUE));
    } else {
      next();
    }
  }

  private void fail(Throwable cause) {
    done.completeExceptionally(cause);
    getContext().stop(getSelf());
  }

  /** The actor is stopped after this. */
  @Override
  public void onRecoveryFailure(Throwable cause, Option<Object> event) {
    done.completeExceptionally(cause);
  }

  @Override
  public void postStop() {
    done.completeExceptionally(
        new IllegalStateException("stopped before " + persistenceId + " was pruned"));
  }
}
