package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.Remembered;
import dev.kantele.runtime.log.RowIndex;
import java.util.List;
import java.util.Optional;

/**
 * A session as its journal tells it: the fold of its rows, and nothing else. Immutable.
 *
 * @param identity absent before {@code session.opened} and after the log was erased
 * @param lastSeq the number of the last event in the journal
 * @param reserved the highest number that a live event may have been given
 * @param horizon the first number that is kept; 1 while all are
 * @param queue the turns that wait, the next one first
 * @param ended the turns that ended lately
 * @param cancelledAhead the turns that were cancelled before they were asked for
 * @param offers the tools that clients run, in the order of their registrations
 * @param streams how many streams were started
 */
public record SessionState(
    Optional<Identity> identity,
    long lastSeq,
    long reserved,
    RowIndex index,
    long horizon,
    Clients clients,
    Transcript transcript,
    List<TurnRequest> queue,
    Optional<OpenTurn> turn,
    RecentSet<TurnId> ended,
    RecentSet<TurnId> cancelledAhead,
    List<ToolOffer> offers,
    long streams,
    Optional<Closing> closing,
    boolean closed) {
  private static final int ENDED_TURNS = 256;
  private static final int CANCELLED_AHEAD = 64;

  /** A session without a row. */
  public static final SessionState EMPTY =
      new SessionState(
          Optional.empty(),
          0,
          0,
          RowIndex.EMPTY,
          1,
          Clients.NONE,
          Transcript.EMPTY,
          List.of(),
          Optional.empty(),
          endedTurns(List.of()),
          cancelledAhead(List.of()),
          List.of(),
          0,
          Optional.empty(),
          false);

  /** Who and what the session is. */
  public record Identity(LogId log, String agent, Optional<JsonNode> metadata, String owner) {}

  /** The wish to close the session, and to erase its log then. */
  public record Closing(Optional<String> reason, boolean erase) {}

  public SessionState {
    queue = List.copyOf(queue);
    offers = List.copyOf(offers);
  }

  /**
   * Returns the state after one more row. Total: a row that does not fit leaves all but the numbers
   * as it was.
   */
  public SessionState apply(JournalRecord row) {
    return SessionFold.apply(this, row);
  }

  /** Returns the state with one more reply remembered, as a row that carries it would. */
  SessionState remembering(Remembered reply) {
    var next = new StateBuilder(this);
    next.clients = clients.with(reply);
    return next.build();
  }

  /** Whether a turn runs or waits. */
  public boolean isBusy() {
    return turn.isPresent() || !queue.isEmpty();
  }

  /** Whether live events may have been given numbers that the journal does not hold. */
  public boolean hasOpenOperation() {
    return turn.isPresent() && turn.get().hasOpenOperation();
  }

  /** Whether the session has, or had, a tool call of this id that its transcript still tells of. */
  boolean knows(InvocationId invocation) {
    return turn.flatMap(open -> open.call(invocation)).isPresent()
        || transcript.messages().stream()
            .flatMap(message -> message.content().stream())
            .anyMatch(
                part -> part instanceof Part.ToolCall call && call.invocation().equals(invocation));
  }

  /** The tool called {@code name} that a client runs. */
  Optional<ToolOffer> offer(String name) {
    return offers.stream().filter(offer -> offer.tool().name().equals(name)).findFirst();
  }

  /** The set in which ended turns are remembered. */
  public static RecentSet<TurnId> endedTurns(List<TurnId> turns) {
    return RecentSet.of(ENDED_TURNS, turns);
  }

  /** The set in which early cancels are remembered. */
  public static RecentSet<TurnId> cancelledAhead(List<TurnId> turns) {
    return RecentSet.of(CANCELLED_AHEAD, turns);
  }
}
