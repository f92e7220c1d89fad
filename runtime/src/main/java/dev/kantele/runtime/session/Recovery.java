package dev.kantele.runtime.session;

import dev.kantele.protocol.EventBody.SessionRecovered;
import dev.kantele.protocol.Failure;

/**
 * What a session does first in each of its lives: ends what was lost, and goes on with what was
 * not.
 */
final class Recovery {
  private static final Failure LOST =
      new Failure("lost", "the stream was lost when the session stopped", /* retryable= */ true);

  private final AgentLoop loop;

  Recovery(AgentLoop loop) {
    this.loop = loop;
  }

  void recover(Draft draft) {
    SessionState state = draft.state();
    if (state.turn().isEmpty()) {
      loop.next(draft);
      return;
    }
    loop.clock().watch(draft);
    if (state.hasOpenOperation()) {
      /* Live events may have been given any number up to the reservation; none of them is given again. */
      draft.emitThrough(state.reserved() + 1, new SessionRecovered());
    }
    goOn(draft, state.turn().get());
  }

  private void goOn(Draft draft, OpenTurn turn) {
    if (turn.ending().isPresent()) {
      turn.stream().ifPresent(_ -> loop.cancelStream(draft, turn));
      endCalls(draft, turn);
      loop.ending().finishIfQuiet(draft);
    } else if (turn.stream().isPresent()) {
      loop.lost(draft, turn.stream().get(), LOST);
    } else if (turn.retry().isPresent()) {
      loop.retry(draft, turn.retry().get());
    } else {
      endCalls(draft, turn);
      loop.calls().waitOn(draft);
      loop.calls().checks().again(draft);
      loop.calls().results().again(draft);
      loop.afterCall(draft);
    }
  }

  private void endCalls(Draft draft, OpenTurn turn) {
    for (OpenCall call : turn.calls()) {
      if (call.isRunningHere()) {
        loop.calls().lost(draft, call);
      }
    }
  }
}
