package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EventBody.SessionClosed;
import dev.kantele.protocol.EventBody.StreamCancelled;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnOutputRejected;
import dev.kantele.protocol.EventBody.TurnStarted;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.log.JournalRecord.Erased;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.session.OpenTurn.OpenStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of a turn: start, model call, tool calls, next model call, end. Tool calls themselves
 * are {@link ToolCalls}' matter, ends are {@link TurnEnd}'s.
 */
final class AgentLoop {
  private final SessionId session;
  private final Catalog catalog;
  private final SessionLog log;
  private final String incarnation;
  private final ToolCalls calls;
  private final TurnClock clock = new TurnClock(this);
  private final TurnEnd ending = new TurnEnd(this);

  AgentLoop(SessionId session, Catalog catalog, SessionLog log, String incarnation) {
    this.session = session;
    this.catalog = catalog;
    this.log = log;
    this.incarnation = incarnation;
    this.calls = new ToolCalls(catalog, this);
  }

  TurnClock clock() {
    return clock;
  }

  TurnEnd ending() {
    return ending;
  }

  ToolCalls calls() {
    return calls;
  }

  /**
   * Starts the next turn if none runs and the node lets it; closes the session if that is wished
   * and nothing is left to do. A turn that can't even begin, since its agent or model is gone, ends
   * at once and the one behind it is next: in one loop, since any number may wait.
   */
  void next(Draft draft) {
    if (draft.isStarting()) {
      return;
    }
    draft.starting(true);
    while (startsNext(draft)) {
      start(draft, draft.state().queue().getFirst());
    }
    draft.starting(false);
    SessionState state = draft.state();
    if (state.turn().isEmpty() && !state.closed() && state.closing().isPresent()) {
      close(draft, state.closing().get());
    }
  }

  private boolean startsNext(Draft draft) {
    SessionState state = draft.state();
    return state.turn().isEmpty()
        && state.closing().isEmpty()
        && !state.closed()
        && !state.queue().isEmpty()
        && catalog.startsTurns();
  }

  private void close(Draft draft, SessionState.Closing closing) {
    for (TurnRequest waiting : draft.state().queue()) {
      draft.emit(
          new TurnCancelled(
              waiting.turn(), Optional.of("the session was closed"), List.of(), false));
    }
    draft.emit(new SessionClosed(closing.reason()));
    if (closing.erase()) {
      erase(draft);
    }
  }

  /** Forgets the closed session. */
  void erase(Draft draft) {
    draft.note(new Erased());
    draft.effect(new Effect.EraseLog());
  }

  private void start(Draft draft, TurnRequest request) {
    draft.emit(new TurnStarted(request.turn()));
    clock.watch(draft);
    callModel(draft, 1, Optional.empty());
  }

  /** Calls the model with the transcript as it is, or ends the turn where a limit says so. */
  void callModel(Draft draft, int attempt, Optional<StreamId> supersedes) {
    OpenTurn turn = running(draft);
    Optional<AgentSettings> found = agent(draft);
    if (found.isEmpty()) {
      ending.fail(
          draft,
          new Failure("agent_not_found", "the session's agent is configured no longer", false));
      return;
    }
    AgentSettings agent = found.get();
    if (attempt == 1 && turn.modelCalls() >= agent.limits().modelCalls()) {
      ending.complete(draft, StopReason.LIMIT, Optional.of("model_calls"), Optional.empty());
      return;
    }
    if (turn.usage().totalTokens() >= agent.limits().tokens()) {
      ending.complete(draft, StopReason.LIMIT, Optional.of("tokens"), Optional.empty());
      return;
    }
    String model = turn.request().model().orElse(agent.model());
    if (!catalog.hasModel(model)) {
      ending.fail(
          draft,
          new Failure("model_not_found", "model " + model + " is configured no longer", false));
      return;
    }
    callModel(draft, agent, model, attempt, supersedes);
  }

  private void callModel(
      Draft draft, AgentSettings agent, String model, int attempt, Optional<StreamId> supersedes) {
    TurnRequest request = running(draft).request();
    var stream = new StreamId("s" + incarnation + "-" + (draft.state().streams() + 1));
    draft.emit(new StreamStarted(request.turn(), stream, model, attempt, supersedes));
    int slash = model.indexOf('/');
    draft.effect(
        new Effect.CallModel(
            agent.name(),
            model.substring(0, slash),
            new ModelRequest(
                session,
                request.turn(),
                stream,
                attempt,
                model.substring(slash + 1),
                agent.instructions(),
                draft.state().transcript().messages(),
                calls.offered(draft, agent),
                request.options().flatMap(options -> options.params()),
                request.options().flatMap(options -> options.outputSchema())),
            agent.limits().streamIdle()));
  }

  /** Decides the stream's terminal event, and what follows. */
  void streamEnded(Draft draft, StreamId stream, StreamOutcome outcome) {
    OpenTurn turn = draft.state().turn().orElse(null);
    if (turn == null || turn.stream().isEmpty() || !turn.stream().get().stream().equals(stream)) {
      return;
    }
    if (turn.ending().isPresent()) {
      cancelStream(draft, turn);
      ending.finishIfQuiet(draft);
      return;
    }
    switch (outcome) {
      case StreamOutcome.Finished finished -> finished(draft, turn, stream, finished);
      case StreamOutcome.Broke broke -> broke(draft, turn.stream().get(), broke);
      case StreamOutcome.Stopped _ ->
          broke(
              draft,
              turn.stream().get(),
              new StreamOutcome.Broke(
                  new Failure("stopped", "the stream stopped although nobody had asked", true)));
    }
  }

  private void finished(
      Draft draft, OpenTurn turn, StreamId stream, StreamOutcome.Finished finished) {
    Message message =
        log.message(stream, /* partial= */ false, finished.signatures(), ToolArguments::parse);
    draft.emit(
        new StreamCompleted(
            turn.request().turn(), stream, message, finished.usage(), finished.reason()));
    List<Part.ToolCall> asked =
        message.content().stream()
            .filter(Part.ToolCall.class::isInstance)
            .map(Part.ToolCall.class::cast)
            .toList();
    switch (finished.reason()) {
      case MAX_TOKENS -> cutOff(draft, asked, StopReason.MAX_TOKENS);
      case REFUSAL -> cutOff(draft, asked, StopReason.REFUSAL);
      case CONTENT_FILTER -> cutOff(draft, asked, StopReason.CONTENT_FILTER);
      case END, TOOL_CALLS -> {
        if (asked.isEmpty()) {
          completeWithOutput(draft, turn, message);
        } else {
          calls.request(draft, asked);
        }
      }
    }
  }

  private void cutOff(Draft draft, List<Part.ToolCall> asked, StopReason reason) {
    calls.refuse(draft, asked, "the message that asked for it was cut off");
    ending.complete(draft, reason, Optional.empty(), Optional.empty());
  }

  private void completeWithOutput(Draft draft, OpenTurn turn, Message message) {
    Optional<JsonNode> schema = turn.request().options().flatMap(options -> options.outputSchema());
    if (schema.isEmpty()) {
      ending.complete(draft, StopReason.END, Optional.empty(), Optional.empty());
      return;
    }
    switch (StructuredOutput.read(schema.get(), message.text())) {
      case StructuredOutput.Reading.Fits(var output) ->
          ending.complete(draft, StopReason.END, Optional.empty(), Optional.of(output));
      case StructuredOutput.Reading.Misfit misfit -> repair(draft, turn, misfit);
    }
  }

  private void repair(Draft draft, OpenTurn turn, StructuredOutput.Reading.Misfit misfit) {
    if (turn.repairs() < limits(draft).outputRepairs()) {
      draft.emit(
          new TurnOutputRejected(turn.request().turn(), StructuredOutput.correction(misfit)));
      callModel(draft, 1, Optional.empty());
    } else {
      ending.fail(
          draft,
          new Failure(
              "invalid_output",
              "the model's answer does not fit output_schema: " + misfit.reasons(),
              /* retryable= */ true));
    }
  }

  private void broke(Draft draft, OpenStream stream, StreamOutcome.Broke broke) {
    Optional<Instant> again =
        broke.failure().retryable()
            ? nextAttempt(draft, stream, broke.retryAfter())
            : Optional.empty();
    streamFailed(draft, stream, broke, again.isPresent(), again);
    if (again.isPresent()) {
      draft.effect(new Effect.StartTimer(new Timer.Retry(stream.stream()), again.get()));
    } else {
      ending.fail(draft, broke.failure());
    }
  }

  /* Waiting for what will not come within the turn's time would only hide why it fails. */
  private Optional<Instant> nextAttempt(
      Draft draft, OpenStream failed, Optional<Duration> retryAfter) {
    OpenTurn turn = running(draft);
    Instant turnEnd = clock.end(draft, turn);
    return RetryPause.after(failed, turn.retries(), retryAfter, limits(draft))
        .map(draft.now()::plus)
        .filter(again -> again.isBefore(turnEnd));
  }

  /** Has a stream that was lost called again at once, if the turn may repeat another call. */
  void lost(Draft draft, OpenStream stream, Failure failure) {
    boolean again = RetryPause.mayTryAgain(stream, running(draft).retries(), limits(draft));
    streamFailed(draft, stream, new StreamOutcome.Broke(failure), again, Optional.empty());
    if (again) {
      retry(draft, stream);
    } else {
      ending.fail(draft, failure);
    }
  }

  private void streamFailed(
      Draft draft,
      OpenStream stream,
      StreamOutcome.Broke broke,
      boolean willRetry,
      Optional<Instant> retryAt) {
    draft.emit(
        new StreamFailed(
            running(draft).request().turn(),
            stream.stream(),
            broke.failure(),
            willRetry,
            retryAt,
            broke.usage(),
            partialMessage(stream.stream())));
  }

  private Message partialMessage(StreamId stream) {
    return log.message(stream, /* partial= */ true, Map.of(), ToolArguments::parse);
  }

  void cancelStream(Draft draft, OpenTurn turn) {
    StreamId stream = turn.stream().orElseThrow().stream();
    draft.emit(new StreamCancelled(turn.request().turn(), stream, partialMessage(stream)));
  }

  void toolEnded(Draft draft, InvocationId invocation, int attempt, ToolOutcome outcome) {
    calls.ended(draft, invocation, attempt, outcome);
  }

  /** Goes on after a tool call ended with {@code outcome}, which may end the turn. */
  void afterCall(Draft draft, ToolOutcome outcome) {
    if (outcome instanceof ToolOutcome.HookBroke(var failure)) {
      ending.failWhenQuiet(draft, failure);
    } else {
      afterCall(draft);
    }
  }

  /** Goes on after a tool call ended: with the model, or with the end of the turn. */
  void afterCall(Draft draft) {
    OpenTurn turn = running(draft);
    if (turn.ending().isPresent()) {
      ending.finishIfQuiet(draft);
    } else if (turn.allCallsEnded()) {
      callModel(draft, 1, Optional.empty());
    }
  }

  void timerFired(Draft draft, Timer timer) {
    OpenTurn turn = draft.state().turn().orElse(null);
    if (turn == null) {
      return;
    }
    switch (timer) {
      case Timer.Deadline(var id) -> {
        if (turn.request().turn().equals(id) && turn.ending().isPresent()) {
          ending.abandon(draft, turn);
        }
      }
      case Timer.WallTime(var id) -> {
        if (turn.request().turn().equals(id)) {
          clock.fired(draft);
        }
      }
      case Timer.Expiry(var invocation) -> {
        calls.approvals().expired(draft, invocation);
        calls.inputs().expired(draft, invocation);
      }
      case Timer.ClientLimit _ -> {}
      case Timer.Retry(var failed) -> {
        if (turn.ending().isEmpty()
            && turn.retry().filter(stream -> stream.stream().equals(failed)).isPresent()) {
          retry(draft, turn.retry().get());
        }
      }
    }
  }

  void retry(Draft draft, OpenStream failed) {
    callModel(draft, failed.attempt() + 1, Optional.of(failed.stream()));
  }

  static OpenTurn running(Draft draft) {
    return draft.state().turn().orElseThrow();
  }

  /** The session's agent; absent if it is configured no longer. */
  Optional<AgentSettings> agent(Draft draft) {
    return draft.state().identity().flatMap(identity -> catalog.agent(identity.agent()));
  }

  /** The limits of the session's agent; the defaults if it is configured no longer. */
  AgentLimits limits(Draft draft) {
    return agent(draft).map(AgentSettings::limits).orElse(AgentLimits.DEFAULT);
  }
}
