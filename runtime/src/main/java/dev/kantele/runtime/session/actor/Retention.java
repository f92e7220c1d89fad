package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.LogReader;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.HorizonMoved;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.SessionState;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Which rows of a session are kept, and how the session is found by them: snapshots at turn ends,
 * and a horizon below which rows are deleted. One for each life; confined to the session's actor.
 */
final class Retention {
  private final SessionId session;
  private final ActorSystem<?> system;
  private final SessionEnvironment environment;

  /** The journal's number of the row before the log's first. */
  private final long rowOffset;

  /** The row of the latest snapshot, counted within the log. */
  private long snapshotRow;

  /** Whose session it is, where the next row must say so. */
  private String owner = "";

  Retention(
      SessionId session,
      ActorSystem<?> system,
      SessionEnvironment environment,
      SessionState state,
      long rowOffset) {
    this.session = session;
    this.system = system;
    this.environment = environment;
    this.rowOffset = rowOffset;
    this.snapshotRow = state.index().rows();
  }

  /**
   * One of the rows that are kept bears the owner at any time: the first, or the latest horizon.
   */
  Set<String> tagsOf(JournalRecord row) {
    return switch (row.content()) {
      case Visible(EventBody.SessionOpened opened) -> Set.of(LogReader.ownerTag(opened.owner()));
      case HorizonMoved _ -> Set.of(LogReader.ownerTag(owner));
      case Visible _, JournalRecord.Note _ -> Set.of();
    };
  }

  /** Whether there is to be a snapshot after {@code row}, which may be the end of a turn. */
  boolean wantsSnapshot(SessionState state, JournalRecord row) {
    return row.content() instanceof Visible(var body)
        && body instanceof EventBody.Terminal
        && body instanceof EventBody.OfTurn
        && !(body instanceof EventBody.OfStream || body instanceof EventBody.OfInvocation)
        && state.index().rows() - snapshotRow >= environment.settings().snapshotEvery();
  }

  /**
   * There is a snapshot of all up to the row {@code journalNr}. Returns where the horizon goes; it
   * must be durable before {@link #prune}. Empty if it stays.
   */
  Optional<HorizonMoved> onSnapshot(SessionState state, long journalNr) {
    snapshotRow = journalNr - rowOffset;
    owner = state.identity().orElseThrow().owner();
    return state
        .index()
        .markAtOrBefore(snapshotRow - environment.settings().keepRows())
        .filter(mark -> mark.row() >= state.index().firstRow())
        .map(mark -> new HorizonMoved(mark.seq() + 1, mark.row() + 1));
  }

  /** Deletes the rows below {@code horizon}, and the snapshots before that at {@code journalNr}. */
  void prune(Optional<HorizonMoved> horizon, long journalNr) {
    long eventsTo = horizon.map(moved -> rowOffset + moved.firstRow() - 1).orElse(0L);
    environment
        .pruner()
        .prune(SessionActor.persistenceId(session).id(), eventsTo, journalNr - 1)
        .exceptionally(
            failure -> {
              system.log().warn("Old rows of session {} stay", session, failure);
              return null;
            });
  }
}
