package dev.kantele.runtime.session.simulation;

import dev.kantele.runtime.session.SessionState;
import java.util.List;

/** States that are not as the journal tells them. */
final class States {
  static SessionState reservedUpTo(SessionState state, long reserved) {
    return new SessionState(
        state.identity(),
        state.lastSeq(),
        reserved,
        state.index(),
        state.horizon(),
        state.clients(),
        state.transcript(),
        state.queue(),
        state.turn(),
        state.ended(),
        state.cancelledAhead(),
        state.offers(),
        state.streams(),
        state.closing(),
        state.closed());
  }

  static SessionState withoutEndedTurns(SessionState state) {
    return new SessionState(
        state.identity(),
        state.lastSeq(),
        state.reserved(),
        state.index(),
        state.horizon(),
        state.clients(),
        state.transcript(),
        state.queue(),
        state.turn(),
        SessionState.endedTurns(List.of()),
        state.cancelledAhead(),
        state.offers(),
        state.streams(),
        state.closing(),
        state.closed());
  }

  private States() {}
}
