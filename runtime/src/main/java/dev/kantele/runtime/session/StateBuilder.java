package dev.kantele.runtime.session;

import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.RowIndex;
import dev.kantele.runtime.session.SessionState.Closing;
import dev.kantele.runtime.session.SessionState.Identity;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A state being changed; confined to one call of {@link SessionFold}. */
final class StateBuilder {
  Optional<Identity> identity;
  long lastSeq;
  long reserved;
  RowIndex index;
  long horizon;
  Clients clients;
  Transcript transcript;
  List<TurnRequest> queue;
  Optional<OpenTurn> turn;
  RecentSet<TurnId> ended;
  RecentSet<TurnId> cancelledAhead;
  List<ToolOffer> offers;
  long streams;
  Optional<Closing> closing;
  boolean closed;

  StateBuilder(SessionState state) {
    identity = state.identity();
    lastSeq = state.lastSeq();
    reserved = state.reserved();
    index = state.index();
    horizon = state.horizon();
    clients = state.clients();
    transcript = state.transcript();
    queue = state.queue();
    turn = state.turn();
    ended = state.ended();
    cancelledAhead = state.cancelledAhead();
    offers = state.offers();
    streams = state.streams();
    closing = state.closing();
    closed = state.closed();
  }

  /** Changes the running turn if it is {@code id}. */
  void turn(TurnId id, UnaryOperator<OpenTurn> change) {
    turn = turn.map(open -> open.request().turn().equals(id) ? change.apply(open) : open);
  }

  SessionState build() {
    return new SessionState(
        identity,
        lastSeq,
        reserved,
        index,
        horizon,
        clients,
        transcript,
        queue,
        turn,
        ended,
        cancelledAhead,
        offers,
        streams,
        closing,
        closed);
  }
}
