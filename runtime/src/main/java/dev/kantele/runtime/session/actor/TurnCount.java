package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.OpenTurn;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;

/** Keeps one session's place in {@link RunningTurns}. Confined to the session's actor. */
final class TurnCount {
  private final SessionId session;
  private final RunningTurns turns;
  private boolean counted;

  TurnCount(SessionId session, RunningTurns turns) {
    this.session = session;
    this.turns = turns;
  }

  /** Counts the session if {@code step} brings a turn; false if it may not bring one any more. */
  boolean begin(Step step) {
    if (!bringsTurn(step)) {
      return true;
    }
    boolean begun = turns.begin(session);
    counted |= begun;
    return begun;
  }

  private static boolean bringsTurn(Step step) {
    return step.rows().stream()
        .anyMatch(row -> row.content() instanceof Visible(var body) && body instanceof TurnQueued);
  }

  /** Counts the session, or no more, as {@code state} is. */
  void update(SessionState state) {
    /* A turn that can't go on before somebody else has done something is not waited for. */
    boolean running = state.turn().filter(OpenTurn::makesProgress).isPresent();
    if (running && !counted) {
      turns.goesOn(session);
    } else if (!running && counted) {
      turns.rests(session);
    }
    counted = running;
  }
}
