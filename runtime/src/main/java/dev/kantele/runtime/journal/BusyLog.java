package dev.kantele.runtime.journal;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.surroundings.Backoff;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.HashSet;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The part of {@link BusySessions} that persists, one change at a time. Its state is a persistent
 * set, of which a change copies a path and not the whole: there may be as many members as sessions.
 */
final class BusyLog
    extends EventSourcedBehavior<BusyLog.Write, BusyLog.Changed, HashSet<SessionId>> {
  /** Persists a change; answered by {@link BusySessions.Written} with the same number. */
  record Write(long write, Changed change) {}

  /** Sessions that entered and left at once; no session is among both. */
  record Changed(List<SessionId> entered, List<SessionId> left) {
    Changed {
      entered = List.copyOf(entered);
      left = List.copyOf(left);
    }
  }

  /** The whole set, as snapshots hold it. */
  record Members(List<SessionId> sessions) {
    Members {
      sessions = List.copyOf(sessions);
    }
  }

  /** Changes between two snapshots; the journal holds at most twice as many. */
  static final int SNAPSHOT_EVERY = 500;

  private final ActorRef<BusySessions.Command> owner;

  /** The root of the last failure that the owner was told of. */
  private @Nullable Throwable reported;

  private BusyLog(
      PersistenceId id, BackoffSupervisorStrategy restart, ActorRef<BusySessions.Command> owner) {
    super(id, restart);
    this.owner = owner;
  }

  /**
   * Tells {@code owner} of each recovery and each failure; after a failure it restarts with the
   * pauses of {@code settings} and recovers.
   */
  static Behavior<Write> create(
      PersistenceId id,
      BusySessions.Settings settings,
      RandomGenerator random,
      ActorRef<BusySessions.Command> owner) {
    BackoffSupervisorStrategy restart =
        Backoff.spread(settings.minBackoff(), settings.maxBackoff(), random);
    // The behaviour itself handles failed writes only; a rejected one gets out of it.
    return Behaviors.supervise(Behaviors.<Write>setup(context -> new BusyLog(id, restart, owner)))
        .onFailure(Exception.class, restart);
  }

  @Override
  public HashSet<SessionId> emptyState() {
    return new HashSet<>();
  }

  @Override
  public CommandHandler<Write, Changed, HashSet<SessionId>> commandHandler() {
    return (members, write) ->
        Effect()
            .persist(write.change())
            .thenRun(() -> owner.tell(new BusySessions.Written(write.write())));
  }

  @Override
  public EventHandler<HashSet<SessionId>, Changed> eventHandler() {
    return (members, change) -> {
      for (SessionId session : change.left()) {
        members = members.excl(session);
      }
      for (SessionId session : change.entered()) {
        members = members.incl(session);
      }
      return members;
    };
  }

  @Override
  public SignalHandler<HashSet<SessionId>> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.class,
            (members, completed) ->
                owner.tell(new BusySessions.Recovered(CollectionConverters.asJava(members))))
        .onSignal(RecoveryFailed.class, (members, failed) -> unavailable(failed.getFailure()))
        .onSignal(JournalPersistFailed.class, (members, failed) -> unavailable(failed.getFailure()))
        .onSignal(
            JournalPersistRejected.class, (members, rejected) -> unavailable(rejected.getFailure()))
        .build();
  }

  /** A failed replay is signalled twice, the second time wrapped; it is one failure. */
  @SuppressWarnings("ReferenceEquality") // The very same exception, not one like it.
  private void unavailable(Throwable failure) {
    Throwable root = rootOf(failure);
    if (root != reported) {
      reported = root;
      owner.tell(new BusySessions.Unavailable(failure));
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : rootOf(cause);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot();
  }

  @Override
  public SnapshotAdapter<HashSet<SessionId>> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(HashSet<SessionId> members) {
        return new Members(List.copyOf(CollectionConverters.asJava(members)));
      }

      @Override
      public HashSet<SessionId> fromJournal(Object stored) {
        HashSet<SessionId> members = new HashSet<>();
        for (SessionId session : ((Members) stored).sessions()) {
          members = members.incl(session);
        }
        return members;
      }
    };
  }
}
