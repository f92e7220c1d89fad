package dev.kantele.runtime.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Deletes from the journal what a session needs no longer, while the session's own actor goes on
 * persisting, or after it has stopped. Each call is a short-lived actor with the session's
 * persistence id that replays nothing and writes nothing, and so takes no sequence number.
 * Thread-safe.
 */
public final class LogPruner {
  private static final AtomicLong CALLS = new AtomicLong();

  private final ExtendedActorSystem system;

  private LogPruner(ExtendedActorSystem system) {
    this.system = system;
  }

  /** The pruner of {@code system}'s journal. */
  public static LogPruner of(ActorSystem<?> system) {
    return new LogPruner((ExtendedActorSystem) system.classicSystem());
  }

  /**
   * Deletes all rows to {@code eventsTo}, then all snapshots to {@code snapshotsTo}, both included;
   * 0 deletes none. The caller keeps a snapshot that is not older than the last deleted row. The
   * row {@code eventsTo} itself may stay in the file, marked as deleted, until the next call.
   */
  public CompletionStage<Done> prune(String persistenceId, long eventsTo, long snapshotsTo) {
    return run(persistenceId, new PruneActor.Range(eventsTo, snapshotsTo));
  }

  /**
   * Deletes everything. What is left is one row, marked as deleted, for its number; so the last row
   * is to be one that holds nothing, {@link dev.kantele.runtime.log.JournalRecord.Erased}, and
   * nobody may persist any more. If this fails half-way, that row is still there to be replayed,
   * and the call is to be repeated.
   *
   * <p>SQLite overwrites what is deleted. The bytes that are in its write-ahead log by then stay
   * there until the log is used again from its start, after a checkpoint, or the node stops.
   */
  public CompletionStage<Done> erase(String persistenceId) {
    return run(persistenceId, new PruneActor.Everything());
  }

  private CompletionStage<Done> run(String persistenceId, PruneActor.Task task) {
    CompletableFuture<Done> done = new CompletableFuture<>();
    // Below the system's guardian, so that it outlives the sessions when the system terminates.
    system.systemActorOf(
        PruneActor.props(persistenceId, task, done), "kantele-prune-" + CALLS.incrementAndGet());
    return done.minimalCompletionStage();
  }
}
