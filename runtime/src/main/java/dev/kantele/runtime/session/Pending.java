package dev.kantele.runtime.session;

import dev.kantele.protocol.PendingRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What of a session waits for somebody. */
final class Pending {
  static List<PendingRequest> of(SessionState state) {
    return state.turn().map(Pending::of).orElse(List.of());
  }

  static List<PendingRequest> of(OpenTurn turn) {
    return turn.calls().stream().filter(OpenCall::isWaiting).map(call -> of(turn, call)).toList();
  }

  private static PendingRequest of(OpenTurn turn, OpenCall call) {
    Optional<Instant> expiresAt = call.waitsFor().flatMap(Wait::expiresAt);
    if (call.question().isPresent()) {
      Wait.Question question = call.question().get();
      return PendingRequest.input(
          turn.request().turn(),
          call.invocation(),
          question.request(),
          question.prompt(),
          question.schema(),
          expiresAt);
    }
    return PendingRequest.approval(
        turn.request().turn(), call.invocation(), call.name(), call.arguments(), expiresAt);
  }

  private Pending() {}
}
