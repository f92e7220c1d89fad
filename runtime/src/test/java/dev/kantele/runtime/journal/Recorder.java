package dev.kantele.runtime.journal;

import dev.kantele.runtime.log.JournalRecord;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** Persists the rows that it is told to, like a session without a mind. */
final class Recorder
    extends EventSourcedBehavior<Recorder.Command, JournalRecord, Recorder.Recorded> {
  sealed interface Command {}

  record Write(List<JournalRecord> rows, ActorRef<Written> replyTo) implements Command {}

  record Read(ActorRef<Recorded> replyTo) implements Command {}

  record Stop() implements Command {}

  /** The rows of a command are stored, the last under {@code journalNr}. */
  record Written(long journalNr) {}

  /** The numbers of all rows; written into snapshots. */
  record Recorded(List<Long> seqs) {
    Recorded {
      seqs = List.copyOf(seqs);
    }

    Recorded with(long seq) {
      return new Recorded(Stream.concat(seqs.stream(), Stream.of(seq)).toList());
    }
  }

  private final ActorContext<Command> context;
  private final long snapshotEvery;

  private Recorder(ActorContext<Command> context, PersistenceId id, long snapshotEvery) {
    super(id);
    this.context = context;
    this.snapshotEvery = snapshotEvery;
  }

  static Behavior<Command> create(String persistenceId) {
    return create(persistenceId, Long.MAX_VALUE);
  }

  static Behavior<Command> create(String persistenceId, long snapshotEvery) {
    return Behaviors.setup(
        context -> new Recorder(context, PersistenceId.ofUniqueId(persistenceId), snapshotEvery));
  }

  @Override
  public Recorded emptyState() {
    return new Recorded(List.of());
  }

  @Override
  public CommandHandler<Command, JournalRecord, Recorded> commandHandler() {
    return (state, command) ->
        switch (command) {
          case Write write ->
              Effect()
                  .persist(write.rows())
                  .thenRun(() -> write.replyTo().tell(new Written(lastSequenceNumber(context))));
          case Read read -> Effect().none().thenRun(() -> read.replyTo().tell(state));
          case Stop() -> Effect().stop();
        };
  }

  @Override
  public EventHandler<Recorded, JournalRecord> eventHandler() {
    return (state, row) -> state.with(row.seq());
  }

  @Override
  public boolean shouldSnapshot(Recorded state, JournalRecord row, long journalNr) {
    return journalNr % snapshotEvery == 0;
  }
}
