package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EventBody.SessionClosed;
import dev.kantele.protocol.EventBody.StreamCancelled;
import dev.kantele.protocol.EventBody.StreamCompleted;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.Terminal;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.EventBody.TurnQueued;
import dev.kantele.protocol.EventBody.TurnStarted;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.log.EndCause;
import dev.kantele.runtime.log.JournalRecord.EndRequested;
import dev.kantele.runtime.log.JournalRecord.Erased;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.session.OpenTurn.Ending;
import dev.kantele.runtime.session.OpenTurn.OpenStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of a turn: start, model call, tool calls, next model call, end. Tool calls themselves
 * are {@link ToolCalls}' matter.
 */
final class AgentLoop {
  private final SessionId session;
  private final Catalog catalog;
  private final SessionLog log;
  private final String incarnation;
  private final ToolCalls calls;
  private final TurnClock clock = new TurnClock(this);

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

  ToolCalls calls() {
    return calls;
  }

  /**
   * Starts the next turn if none runs; closes the session if that is wished and nothing is left to
   * do. A turn that can't even begin, since its agent or model is gone, ends at once and the one
   * behind it is next: in one loop, since any number may wait.
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

  private static boolean startsNext(Draft draft) {
    SessionState state = draft.state();
    return state.turn().isEmpty()
        && state.closing().isEmpty()
        && !state.closed()
        && !state.queue().isEmpty();
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
      fail(
          draft,
          new Failure("agent_not_found", "the session's agent is configured no longer", false));
      return;
    }
    AgentSettings agent = found.get();
    if (attempt == 1 && turn.modelCalls() >= agent.limits().modelCalls()) {
      complete(draft, StopReason.LIMIT, Optional.of("model_calls"), Optional.empty());
      return;
    }
    if (turn.usage().totalTokens() >= agent.limits().tokens()) {
      complete(draft, StopReason.LIMIT, Optional.of("tokens"), Optional.empty());
      return;
    }
    String model = turn.request().model().orElse(agent.model());
    if (!catalog.hasModel(model)) {
      fail(
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
      finishIfQuiet(draft);
      return;
    }
    switch (outcome) {
      case StreamOutcome.Finished finished -> finished(draft, turn, stream, finished);
      case StreamOutcome.Broke(var failure, var retryAfter) ->
          broke(draft, turn.stream().get(), failure, retryAfter);
      case StreamOutcome.Stopped _ ->
          broke(
              draft,
              turn.stream().get(),
              new Failure("stopped", "the stream stopped although nobody had asked", true),
              Optional.empty());
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
    complete(draft, reason, Optional.empty(), Optional.empty());
  }

  private void completeWithOutput(Draft draft, OpenTurn turn, Message message) {
    if (turn.request().options().flatMap(options -> options.outputSchema()).isEmpty()) {
      complete(draft, StopReason.END, Optional.empty(), Optional.empty());
      return;
    }
    Optional<JsonNode> output = ToolArguments.json(message.text());
    if (output.isPresent()) {
      complete(draft, StopReason.END, Optional.empty(), output);
    } else {
      fail(draft, new Failure("invalid_output", "the model's answer is not JSON", true));
    }
  }

  private void broke(
      Draft draft, OpenStream stream, Failure failure, Optional<Duration> retryAfter) {
    Optional<Instant> again =
        failure.retryable() ? nextAttempt(draft, stream, retryAfter) : Optional.empty();
    streamFailed(draft, stream, failure, again.isPresent());
    if (again.isPresent()) {
      draft.effect(new Effect.StartTimer(new Timer.Retry(stream.stream()), again.get()));
    } else {
      fail(draft, failure);
    }
  }

  /* Waiting for what will not come within the turn's time would only hide why it fails. */
  private Optional<Instant> nextAttempt(
      Draft draft, OpenStream failed, Optional<Duration> retryAfter) {
    Instant turnEnd = clock.end(draft, running(draft));
    return RetryPause.after(failed, retryAfter, limits(draft))
        .map(draft.now()::plus)
        .filter(again -> again.isBefore(turnEnd));
  }

  void streamFailed(Draft draft, OpenStream stream, Failure failure, boolean willRetry) {
    draft.emit(
        new StreamFailed(
            running(draft).request().turn(),
            stream.stream(),
            failure,
            willRetry,
            partialMessage(stream.stream())));
  }

  private Message partialMessage(StreamId stream) {
    return log.message(stream, /* partial= */ true, Map.of(), ToolArguments::parse);
  }

  void toolEnded(Draft draft, InvocationId invocation, int attempt, ToolOutcome outcome) {
    calls.ended(draft, invocation, attempt, outcome);
  }

  /** Goes on after a tool call ended: with the model, or with the end of the turn. */
  void afterCall(Draft draft) {
    OpenTurn turn = running(draft);
    if (turn.ending().isPresent()) {
      finishIfQuiet(draft);
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
          abandon(draft, turn);
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

  /**
   * Ends the running turn for {@code cause}, at the latest when {@code within} has passed. Of a
   * turn that is to end already the cause stays, unless it is to be rolled back now, and the
   * deadline only comes nearer.
   */
  void endWithin(Draft draft, EndCause cause, Duration within) {
    Instant wish = draft.now().plus(within);
    Ending ending = running(draft).ending().orElse(null);
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
    if (running(draft).ending().isEmpty()) {
      endWithin(draft, new EndCause.Failed(failure), limits(draft).cancelDeadline());
    } else {
      finishIfQuiet(draft);
    }
  }

  private void requestEnd(Draft draft, EndCause cause, Instant deadline) {
    OpenTurn turn = running(draft);
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
    calls.cancelWaiting(draft);
    calls.cancelElsewhere(draft);
    draft.effect(new Effect.StartTimer(new Timer.Deadline(id), deadline));
    finishIfQuiet(draft);
  }

  /** Ends the turn that is to end, once nothing of it runs any more. */
  void finishIfQuiet(Draft draft) {
    OpenTurn turn = running(draft);
    if (turn.ending().isPresent() && !turn.hasOpenOperation()) {
      finish(draft, turn.ending().get().cause(), List.of());
    }
  }

  private void abandon(Draft draft, OpenTurn turn) {
    turn.stream()
        .ifPresent(
            open -> {
              cancelStream(draft, turn);
              draft.effect(new Effect.Abandon(open.stream().value()));
            });
    List<InvocationId> abandoned = calls.abandon(draft, turn);
    finish(draft, turn.ending().orElseThrow().cause(), abandoned);
  }

  void cancelStream(Draft draft, OpenTurn turn) {
    StreamId stream = turn.stream().orElseThrow().stream();
    draft.emit(new StreamCancelled(turn.request().turn(), stream, partialMessage(stream)));
  }

  private void finish(Draft draft, EndCause cause, List<InvocationId> abandoned) {
    TurnId id = running(draft).request().turn();
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
    OpenTurn turn = running(draft);
    ended(draft, new TurnFailed(turn.request().turn(), failure, turn.usage()));
  }

  void complete(Draft draft, StopReason reason, Optional<String> limit, Optional<JsonNode> output) {
    OpenTurn turn = running(draft);
    ended(draft, new TurnCompleted(turn.request().turn(), reason, limit, turn.usage(), output));
  }

  private void ended(Draft draft, Terminal end) {
    OpenTurn turn = running(draft);
    draft.emit(end);
    draft.effect(new Effect.StopTimer(new Timer.WallTime(turn.request().turn())));
    if (turn.ending().isPresent()) {
      draft.effect(new Effect.StopTimer(new Timer.Deadline(turn.request().turn())));
    }
    if (end instanceof TurnCompleted) {
      queueSteers(draft, turn);
    }
    next(draft);
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
