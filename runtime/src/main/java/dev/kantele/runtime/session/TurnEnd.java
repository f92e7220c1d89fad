package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EventBody.Terminal;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.EndCause;
import dev.kantele.runtime.log.JournalRecord.EndRequested;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.OpenTurn.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The end of a turn: at once where nothing of it runs any more, or by a deadline after what runs
 * was asked to stop.
 */
final class TurnEnd {
  private final AgentLoop loop;

  TurnEnd(AgentLoop loop) {
    this.loop = loop;
  }

  /**
   * Ends the running turn for {@code cause}, at the latest when {@code within} has passed. Of a
   * turn that is to end already the cause stays, unless it is to be rolled back now, and the
   * deadline only comes nearer.
   */
  void endWithin(Draft draft, EndCause cause, Duration within) {
    Instant wish = draft.now().plus(within);
    Ending ending = AgentLoop.running(draft).ending().orElse(null);
    if (ending == null) {
      requestEnd(draft, cause, wish);
      return;
    }
    boolean rollsBack =
        cause instanceof EndCause.RolledBack && !(ending.cause() instanceof EndCause.RolledBack);
    boolean hurries = wish.isBefore(ending.deadline());
    if (rollsBack || hurries) {
      requestEnd(draft, rollsBack ? cause : ending.cause(), hurries ? wish : ending.deadline());
    }
  }

  /** Fails the running turn once what runs of it has stopped, unless it is to end already. */
  void failWhenQuiet(Draft draft, Failure failure) {
    if (AgentLoop.running(draft).ending().isEmpty()) {
      endWithin(draft, new EndCause.Failed(failure), loop.limits(draft).cancelDeadline());
    } else {
      finishIfQuiet(draft);
    }
  }

  private void requestEnd(Draft draft, EndCause cause, Instant deadline) {
    OpenTurn turn = AgentLoop.running(draft);
    TurnId id = turn.request().turn();
    draft.note(new EndRequested(id, cause, deadline));
    turn.stream().ifPresent(open -> draft.effect(new Effect.StopStream(open.stream())));
    turn.retry()
        .ifPresent(open -> draft.effect(new Effect.StopTimer(new Timer.Retry(open.stream()))));
    for (OpenCall call : turn.calls()) {
      if (call.isRunningHere()) {
        draft.effect(new Effect.StopTool(call.invocation()));
      }
    }
    loop.calls().cancelWaiting(draft);
    loop.calls().cancelElsewhere(draft);
    draft.effect(new Effect.StartTimer(new Timer.Deadline(id), deadline));
    finishIfQuiet(draft);
  }

  /** Ends the turn that is to end, once nothing of it runs any more. */
  void finishIfQuiet(Draft draft) {
    OpenTurn turn = AgentLoop.running(draft);
    if (turn.ending().isPresent() && !turn.hasOpenOperation()) {
      finish(draft, turn.ending().get().cause(), List.of());
    }
  }

  /** Ends the turn whose deadline has passed, with whatever runs of it. */
  void abandon(Draft draft, OpenTurn turn) {
    turn.stream()
        .ifPresent(
            open -> {
              loop.cancelStream(draft, turn);
              draft.effect(new Effect.Abandon(open.stream().value()));
            });
    List<InvocationId> abandoned = loop.calls().abandon(draft, turn);
    finish(draft, turn.ending().orElseThrow().cause(), abandoned);
  }

  private void finish(Draft draft, EndCause cause, List<InvocationId> abandoned) {
    TurnId id = AgentLoop.running(draft).request().turn();
    switch (cause) {
      case EndCause.Cancelled(var reason) ->
          ended(draft, new TurnCancelled(id, reason, abandoned, /* rolledBack= */ false));
      case EndCause.RolledBack _ ->
          ended(
              draft,
              new TurnCancelled(id, Optional.of("a later prompt took its place"), abandoned, true));
      case EndCause.Limit(var limit) ->
          complete(draft, StopReason.LIMIT, Optional.of(limit), Optional.empty());
      case EndCause.Failed(var failure) -> fail(draft, failure);
    }
  }

  void fail(Draft draft, Failure failure) {
    OpenTurn turn = AgentLoop.running(draft);
    ended(draft, new TurnFailed(turn.request().turn(), failure, turn.usage()));
  }

  void complete(Draft draft, StopReason reason, Optional<String> limit, Optional<JsonNode> output) {
    OpenTurn turn = AgentLoop.running(draft);
    ended(draft, new TurnCompleted(turn.request().turn(), reason, limit, turn.usage(), output));
  }

  private void ended(Draft draft, Terminal end) {
    OpenTurn turn = AgentLoop.running(draft);
    draft.emit(end);
    draft.effect(new Effect.StopTimer(new Timer.WallTime(turn.request().turn())));
    if (turn.ending().isPresent()) {
      draft.effect(new Effect.StopTimer(new Timer.Deadline(turn.request().turn())));
    }
    if (end instanceof TurnCompleted) {
      queueSteers(draft, turn);
    }
    loop.next(draft);
  }

  /* What joined the turn too late for a model call becomes the next turn. */
  private static void queueSteers(Draft draft, OpenTurn turn) {
    for (TurnRequest steer : turn.steers()) {
      draft.emit(
          new TurnQueued(
              steer.turn(), steer.content(), PromptPolicy.STEER, steer.author(), steer.metadata()));
      steer.options().ifPresent(draft::note);
      if (draft.state().cancelledAhead().contains(steer.turn())) {
        draft.emit(
            new TurnCancelled(
                steer.turn(), Optional.of("it was cancelled before it came"), List.of(), false));
      }
    }
  }
}
