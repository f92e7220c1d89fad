package dev.kantele.runtime.session;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command.Prompt;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.EventBody.TurnSteered;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.EndCause;
import dev.kantele.runtime.log.JournalRecord.TurnOptions;
import java.util.Optional;

/** Prompts: their numbers, and what each policy does when a turn is running. */
final class Prompts {
  private final Catalog catalog;
  private final AgentLoop loop;

  Prompts(Catalog catalog, AgentLoop loop) {
    this.catalog = catalog;
    this.loop = loop;
  }

  void prompt(Draft draft, ClientKey client, Prompt prompt, Answers answer) {
    if (answer.isInTurn(prompt.seq())) {
      long number = draft.state().clients().of(client).next();
      take(draft, client.client(), prompt, answer, number);
    }
  }

  private void take(Draft draft, ClientId author, Prompt prompt, Answers answer, long number) {
    SessionState state = draft.state();
    if (state.closed() || state.closing().isPresent()) {
      answer.nack(ErrorCode.SESSION_CLOSED, "session " + prompt.session() + " is closed");
      return;
    }
    Optional<WireError> fault = fault(draft, prompt);
    if (fault.isPresent()) {
      answer.nack(fault.get());
      return;
    }
    TurnId turn = prompt.turn().orElseGet(() -> newTurn(draft, number));
    long nextSeq = prompt.seq().isPresent() ? number + 1 : number;
    var accepted = accept(draft, author, prompt, turn, nextSeq);
    answer.remember(accepted, prompt.seq().isPresent());
    if (draft.state().turn().isEmpty()) {
      loop.next(draft);
    }
  }

  /* A client may have chosen the same name for a turn of its own. */
  private static TurnId newTurn(Draft draft, long number) {
    var turn = new TurnId("t" + (draft.lastSeq() + 1) + "-" + number);
    for (int i = 2; isTaken(draft.state(), turn); i++) {
      turn = new TurnId("t" + (draft.lastSeq() + 1) + "-" + number + "-" + i);
    }
    return turn;
  }

  private static boolean isTaken(SessionState state, TurnId turn) {
    return isKnown(state, turn) || state.cancelledAhead().contains(turn);
  }

  private Optional<WireError> fault(Draft draft, Prompt prompt) {
    SessionState state = draft.state();
    if (prompt.model().filter(model -> !catalog.hasModel(model)).isPresent()) {
      return error(ErrorCode.MODEL_NOT_FOUND, "there is no model '" + prompt.model().get() + "'");
    }
    if (loop.agent(draft).isEmpty()) {
      return error(
          ErrorCode.AGENT_NOT_FOUND,
          "there is no agent '" + state.identity().orElseThrow().agent() + "' any more");
    }
    Optional<String> schema = prompt.outputSchema().flatMap(StructuredOutput::fault);
    if (schema.isPresent()) {
      return error(ErrorCode.INVALID_ARGUMENT, schema.get());
    }
    if (prompt.turn().isPresent()) {
      TurnId turn = prompt.turn().get();
      if (state.cancelledAhead().contains(turn)) {
        return error(ErrorCode.TURN_CANCELLED, "turn " + turn + " was cancelled before it came");
      }
      if (isKnown(state, turn)) {
        return error(ErrorCode.TURN_EXISTS, "turn " + turn + " exists");
      }
    }
    return state.turn().isPresent() ? faultWhileRunning(draft, prompt) : Optional.empty();
  }

  private Optional<WireError> faultWhileRunning(Draft draft, Prompt prompt) {
    if (policy(prompt) == PromptPolicy.REJECT) {
      return error(
          ErrorCode.TURN_RUNNING,
          "turn " + AgentLoop.running(draft).request().turn() + " is running");
    }
    int waiting = draft.state().queue().size() + AgentLoop.running(draft).steers().size();
    int limit = loop.limits(draft).queuedTurns();
    return waiting >= limit
        ? error(ErrorCode.QUEUE_FULL, waiting + " turns wait (expected: fewer than " + limit + ")")
        : Optional.empty();
  }

  private static boolean isKnown(SessionState state, TurnId turn) {
    return state.ended().contains(turn)
        || state.queue().stream().anyMatch(request -> request.turn().equals(turn))
        || state
            .turn()
            .filter(
                open ->
                    open.request().turn().equals(turn)
                        || open.steers().stream().anyMatch(steer -> steer.turn().equals(turn)))
            .isPresent();
  }

  private AckBody.PromptAccepted accept(
      Draft draft, ClientId author, Prompt prompt, TurnId turn, long nextSeq) {
    OpenTurn running = draft.state().turn().orElse(null);
    if (running == null) {
      queue(draft, author, prompt, turn);
      return new AckBody.PromptAccepted(turn, 0, nextSeq);
    }
    return switch (policy(prompt)) {
      case ENQUEUE, REJECT -> {
        queue(draft, author, prompt, turn);
        yield new AckBody.PromptAccepted(turn, draft.state().queue().size(), nextSeq);
      }
      case INTERRUPT -> replace(draft, author, prompt, turn, nextSeq, interrupted());
      case ROLLBACK -> replace(draft, author, prompt, turn, nextSeq, new EndCause.RolledBack());
      case STEER -> {
        if (running.ending().isPresent()) {
          queue(draft, author, prompt, turn);
          yield new AckBody.PromptAccepted(turn, before(draft, turn), nextSeq);
        }
        yield steer(draft, author, prompt, turn, nextSeq);
      }
    };
  }

  private static EndCause interrupted() {
    return new EndCause.Cancelled(Optional.of("a later prompt interrupted it"));
  }

  private void queue(Draft draft, ClientId author, Prompt prompt, TurnId turn) {
    draft.emit(new TurnQueued(turn, prompt.content(), policy(prompt), author, prompt.metadata()));
    TurnOptions options = options(prompt, turn);
    if (isGiven(options)) {
      draft.note(options);
    }
  }

  /* The running turn, and those that wait ahead of this one. */
  private static int before(Draft draft, TurnId turn) {
    return 1 + draft.state().queue().stream().map(TurnRequest::turn).toList().indexOf(turn);
  }

  private AckBody.PromptAccepted replace(
      Draft draft, ClientId author, Prompt prompt, TurnId turn, long nextSeq, EndCause cause) {
    queue(draft, author, prompt, turn);
    loop.ending().endWithin(draft, cause, loop.limits(draft).cancelDeadline());
    return new AckBody.PromptAccepted(turn, 1, nextSeq);
  }

  private AckBody.PromptAccepted steer(
      Draft draft, ClientId author, Prompt prompt, TurnId turn, long nextSeq) {
    TurnId joined = AgentLoop.running(draft).request().turn();
    draft.emit(new TurnSteered(joined, prompt.content(), author, prompt.metadata()));
    draft.note(options(prompt, turn));
    return new AckBody.PromptAccepted(joined, 0, nextSeq);
  }

  private static TurnOptions options(Prompt prompt, TurnId turn) {
    return new TurnOptions(
        turn, prompt.model(), prompt.params(), prompt.outputSchema(), prompt.deadlineMs());
  }

  private static boolean isGiven(TurnOptions options) {
    return options.model().isPresent()
        || options.params().isPresent()
        || options.outputSchema().isPresent()
        || options.deadlineMs().isPresent();
  }

  private static PromptPolicy policy(Prompt prompt) {
    return prompt.policy().orElse(PromptPolicy.ENQUEUE);
  }

  private static Optional<WireError> error(ErrorCode code, String message) {
    return Optional.of(WireError.of(code, message));
  }
}
