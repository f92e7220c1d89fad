package dev.kantele.runtime.session;

import dev.kantele.protocol.PendingRequest;
import java.util.List;

/** What of a session waits for somebody. */
final class Pending {
  static List<PendingRequest> of(SessionState state) {
    return state.turn().map(Pending::of).orElse(List.of());
  }

  static List<PendingRequest> of(OpenTurn turn) {
    return turn.calls().stream().filter(OpenCall::isWaiting).map(call -> of(turn, call)).toList();
  }

  private static PendingRequest of(OpenTurn turn, OpenCall call) {
    return PendingRequest.approval(
        turn.request().turn(),
        call.invocation(),
        call.name(),
        call.arguments(),
        call.waitsFor().flatMap(Wait::expiresAt));
  }

  private Pending() {}
}
