package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.ToolTimedOut;
import dev.kantele.protocol.EventBody.ToolUnknown;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.AskUserTool;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tool calls of a turn: request, start, end, and what becomes of those whose outcome is lost.
 */
final class ToolCalls {
  private static final String LOST = "its outcome was lost when the session stopped";

  private final Catalog catalog;
  private final AgentLoop loop;
  private final Approvals approvals;
  private final Inputs inputs;
  private final ToolChecks checks;
  private final ResultChecks results;

  ToolCalls(Catalog catalog, AgentLoop loop) {
    this.catalog = catalog;
    this.loop = loop;
    this.approvals = new Approvals(loop, this);
    this.inputs = new Inputs(catalog, this);
    this.checks = new ToolChecks(catalog, loop, this);
    this.results = new ResultChecks(catalog, loop, this);
  }

  Approvals approvals() {
    return approvals;
  }

  Inputs inputs() {
    return inputs;
  }

  ToolChecks checks() {
    return checks;
  }

  ResultChecks results() {
    return results;
  }

  /** Starts what a message asked for, all at once, or has it wait for somebody. */
  void request(Draft draft, List<Part.ToolCall> asked) {
    int limit = loop.limits(draft).toolCalls();
    if (AgentLoop.running(draft).toolCalls() + asked.size() > limit) {
      refuse(draft, asked, "the turn may make " + limit + " tool calls");
      loop.ending().complete(draft, StopReason.LIMIT, Optional.of("tool_calls"), Optional.empty());
      return;
    }
    requested(draft, asked);
    OpenTurn before = AgentLoop.running(draft);
    for (OpenCall call : before.calls()) {
      Optional<Failure> fault = fault(draft, call);
      if (fault.isPresent()) {
        draft.emit(new ToolFailed(turn(draft), call.invocation(), fault.get()));
      } else {
        approvals.admit(draft, call);
      }
    }
    loop.clock().follow(draft, before);
    loop.afterCall(draft);
  }

  /** Answers what a message asked for without starting any of it. */
  void refuse(Draft draft, List<Part.ToolCall> asked, String reason) {
    requested(draft, asked);
    for (Part.ToolCall call : asked) {
      draft.emit(new ToolCancelled(turn(draft), call.invocation(), Optional.of(reason)));
    }
  }

  private void requested(Draft draft, List<Part.ToolCall> asked) {
    int index = 0;
    for (Part.ToolCall call : asked) {
      JsonNode arguments = call.arguments();
      draft.emit(
          new ToolRequested(
              turn(draft),
              call.invocation(),
              call.name(),
              Optional.of(arguments).filter(JsonNode::isObject),
              arguments.isObject() ? Optional.empty() : Optional.of(arguments.asText()),
              index++,
              runsOnNode(draft, call.name()) ? ToolExecutor.NODE : ToolExecutor.CLIENT));
    }
  }

  private boolean runsOnNode(Draft draft, String tool) {
    return agentTools(draft).contains(tool) || draft.state().offer(tool).isEmpty();
  }

  private List<String> agentTools(Draft draft) {
    return loop.agent(draft).map(AgentSettings::tools).orElse(List.of());
  }

  /** What a model may call: its agent's tools, and those that clients run. */
  List<ToolSpec> offered(Draft draft, AgentSettings agent) {
    return Stream.concat(
            agent.tools().stream().flatMap(name -> catalog.tool(name).stream()),
            draft.state().offers().stream()
                .filter(offer -> !agent.tools().contains(offer.tool().name()))
                .map(ToolOffer::spec))
        .toList();
  }

  private Optional<Failure> fault(Draft draft, OpenCall call) {
    var known = new ArrayList<>(agentTools(draft));
    draft.state().offers().forEach(offer -> known.add(offer.tool().name()));
    if (call.runsOn().isEmpty()
        && (!agentTools(draft).contains(call.name()) || catalog.tool(call.name()).isEmpty())) {
      return Optional.of(
          new Failure(
              "tool_not_found",
              "there is no tool '"
                  + call.name()
                  + "' (expected one of: "
                  + String.join(", ", known)
                  + ")",
              /* retryable= */ false));
    }
    if (call.arguments().isEmpty()) {
      return Optional.of(
          new Failure("invalid_arguments", "the arguments are not a JSON object", false));
    }
    List<String> faults = faults(call, call.arguments().get());
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(new Failure("invalid_arguments", String.join("; ", faults), false));
  }

  /** What is wrong with arguments for a call, one sentence each; empty if nothing is. */
  List<String> faults(OpenCall call, JsonNode arguments) {
    if (call.runsOn().isEmpty()) {
      return catalog.tool(call.name()).isEmpty()
          ? List.of()
          : catalog.faults(call.name(), arguments);
    }
    return switch (ArgumentValidator.compile(call.runsOn().get().tool().inputSchema())) {
      case ArgumentValidator.Compilation.Compiled(var validator) ->
          switch (validator.validate(arguments)) {
            case ArgumentValidator.Result.Valid _ -> List.of();
            case ArgumentValidator.Result.Invalid(var reasons) -> reasons;
          };
      case ArgumentValidator.Compilation.Refused(var reason) -> List.of(reason);
    };
  }

  /** Starts a call that was asked for some time ago, if there is still such a tool. */
  void startIfPossible(Draft draft, OpenCall call) {
    if (isPossible(draft, call)) {
      start(draft, call, /* reconcile= */ false);
    }
  }

  /** Whether a call that was asked for some time ago may start still; if not, it fails. */
  boolean isPossible(Draft draft, OpenCall call) {
    Optional<Failure> fault = fault(draft, call);
    fault.ifPresent(failure -> draft.emit(new ToolFailed(turn(draft), call.invocation(), failure)));
    return fault.isEmpty();
  }

  void start(Draft draft, OpenCall call, boolean reconcile) {
    if (call.name().equals(AskUserTool.NAME)) {
      inputs.ask(draft, call);
      return;
    }
    EffectId effect =
        call.effectId()
            .orElseGet(
                () ->
                    new EffectId(
                        draft.state().identity().orElseThrow().log() + ":" + call.invocation()));
    int attempt = call.attempt() + 1;
    draft.emit(new ToolStarted(turn(draft), call.invocation(), effect, attempt));
    if (call.runsOn().isPresent()) {
      /* Its client sees tool.started, and answers; the node has nothing to run. */
      watchLimit(draft, AgentLoop.running(draft).call(call.invocation()).orElseThrow());
      return;
    }
    draft.effect(
        new Effect.InvokeTool(
            turn(draft),
            call.invocation(),
            effect,
            attempt,
            draft.state().identity().orElseThrow().agent(),
            call.name(),
            call.arguments().orElseGet(JsonNodeFactory.instance::objectNode),
            reconcile));
  }

  private static void watchLimit(Draft draft, OpenCall call) {
    Instant deadline = call.deadline().orElseThrow();
    draft.effect(new Effect.StartTimer(new Timer.ClientLimit(call.invocation()), deadline));
  }

  /** Decides the terminal event of an attempt that ended, unless it is not the one that runs. */
  void ended(Draft draft, InvocationId invocation, int attempt, ToolOutcome outcome) {
    Optional<OpenCall> running =
        draft
            .state()
            .turn()
            .flatMap(turn -> turn.call(invocation))
            .filter(call -> call.isRunningHere() && call.attempt() == attempt);
    if (running.isPresent()) {
      end(draft, running.get(), outcome);
      loop.afterCall(draft, outcome);
    }
  }

  /** Decides the terminal event of a call that runs. */
  void end(Draft draft, OpenCall call, ToolOutcome outcome) {
    if (call.isRunningElsewhere()) {
      draft.effect(new Effect.StopTimer(new Timer.ClientLimit(call.invocation())));
    }
    TurnId turn = turn(draft);
    InvocationId id = call.invocation();
    switch (outcome) {
      case ToolOutcome.Completed(var output) -> completed(draft, call, output);
      case ToolOutcome.HookBroke(var failure) -> draft.emit(new ToolFailed(turn, id, failure));
      case ToolOutcome.Failed(var failure) -> draft.emit(new ToolFailed(turn, id, failure));
      case ToolOutcome.TimedOut(var undone) -> timedOut(draft, call, undone);
      case ToolOutcome.Stopped(var undone) -> cancelled(draft, call, undone);
      case ToolOutcome.Lost _ -> lost(draft, call);
      case ToolOutcome.NotDone _ -> notDone(draft, call);
      case ToolOutcome.Unknown(var reason) -> draft.emit(new ToolUnknown(turn, id, reason));
    }
  }

  /* A text is cut like what a tool says while it runs; of other JSON a part would be none. */
  private static void completed(Draft draft, OpenCall call, JsonNode output) {
    int max = (int) LiveEvents.MAX_OUTPUT_CHARACTERS;
    int length = output.isTextual() ? output.textValue().length() : output.toString().length();
    if (length <= max) {
      draft.emit(new ToolCompleted(turn(draft), call.invocation(), output));
    } else if (output.isTextual()) {
      draft.emit(
          new ToolCompleted(
              turn(draft),
              call.invocation(),
              TextNode.valueOf(LiveEvents.cut(output.textValue(), max))));
    } else {
      draft.emit(
          new ToolFailed(
              turn(draft),
              call.invocation(),
              new Failure(
                  "limit_exceeded",
                  "the tool ended, but its output has %d characters (expected: at most %d)"
                      .formatted(length, max),
                  /* retryable= */ false)));
    }
  }

  private void timedOut(Draft draft, OpenCall call, boolean undone) {
    if (effect(call) == ToolEffect.UNSAFE && !undone) {
      draft.emit(
          new ToolUnknown(
              turn(draft),
              call.invocation(),
              "it was stopped at its time limit, perhaps too late"));
    } else {
      String limit = spec(call).map(spec -> spec.timeout().toMillis() + " ms").orElse("none");
      draft.emit(
          new ToolTimedOut(
              turn(draft),
              call.invocation(),
              new Failure("timed_out", "it took longer than its limit of " + limit, true)));
    }
  }

  private void cancelled(Draft draft, OpenCall call, boolean undone) {
    if (effect(call) == ToolEffect.UNSAFE && !undone) {
      draft.emit(
          new ToolUnknown(
              turn(draft), call.invocation(), "it was cancelled while it ran, perhaps too late"));
    } else {
      draft.emit(
          new ToolCancelled(turn(draft), call.invocation(), Optional.of("the turn was ended")));
    }
  }

  /**
   * Does for a call whose outcome nobody will report what its effect allows: again, ask, or leave
   * it unknown.
   */
  void lost(Draft draft, OpenCall call) {
    boolean ending = AgentLoop.running(draft).ending().isPresent();
    boolean mayTryAgain = call.attempt() < loop.limits(draft).attempts();
    switch (effect(call)) {
      case READ_ONLY, IDEMPOTENT -> {
        if (ending) {
          cancelled(draft, call, /* undone= */ false);
        } else if (mayTryAgain) {
          start(draft, call, /* reconcile= */ false);
        } else {
          draft.emit(
              new ToolFailed(
                  turn(draft),
                  call.invocation(),
                  new Failure("lost", LOST, /* retryable= */ true)));
        }
      }
      case RECONCILE -> {
        if (!ending && mayTryAgain) {
          start(draft, call, /* reconcile= */ true);
        } else {
          draft.emit(new ToolUnknown(turn(draft), call.invocation(), LOST));
        }
      }
      case UNSAFE -> draft.emit(new ToolUnknown(turn(draft), call.invocation(), LOST));
    }
  }

  private void notDone(Draft draft, OpenCall call) {
    if (AgentLoop.running(draft).ending().isPresent()) {
      cancelled(draft, call, /* undone= */ true);
    } else {
      start(draft, call, /* reconcile= */ false);
    }
  }

  /**
   * A call that waited has been decided on, answered, or was too late. The turn's clock goes on if
   * no other one waits, and the turn if all have ended.
   */
  void waitOver(Draft draft, OpenTurn before, InvocationId invocation) {
    boolean waitsAgain =
        AgentLoop.running(draft).call(invocation).filter(OpenCall::isWaiting).isPresent();
    if (!waitsAgain) {
      draft.effect(new Effect.StopTimer(new Timer.Expiry(invocation)));
    }
    loop.clock().follow(draft, before);
    loop.afterCall(draft);
  }

  /** Ends the calls that wait for somebody: nobody needs to decide any more. */
  void cancelWaiting(Draft draft) {
    for (OpenCall call : AgentLoop.running(draft).calls()) {
      if (call.isWaiting()) {
        draft.effect(new Effect.StopTimer(new Timer.Expiry(call.invocation())));
        draft.emit(
            new ToolCancelled(turn(draft), call.invocation(), Optional.of("the turn was ended")));
      }
    }
    checks.cancel(draft);
    results.cancel(draft);
  }

  /** Ends the calls that clients run: nobody can be made to stop, and the turn must not wait. */
  void cancelElsewhere(Draft draft) {
    for (OpenCall call : AgentLoop.running(draft).calls()) {
      if (call.isRunningElsewhere()) {
        end(draft, call, new ToolOutcome.Stopped(/* undone= */ false));
      }
    }
  }

  /** Goes on waiting after a recovery: what was asked is still asked, what runs elsewhere runs. */
  void waitOn(Draft draft) {
    for (OpenCall call : AgentLoop.running(draft).calls()) {
      if (call.isRunningElsewhere()) {
        watchLimit(draft, call);
      }
      if (call.isWaiting()) {
        call.waitsFor()
            .flatMap(Wait::expiresAt)
            .ifPresent(
                at -> draft.effect(new Effect.StartTimer(new Timer.Expiry(call.invocation()), at)));
      }
    }
  }

  /** Ends the calls that did not end by the deadline, and names them. */
  List<InvocationId> abandon(Draft draft, OpenTurn turn) {
    var abandoned = new ArrayList<InvocationId>();
    for (OpenCall call : turn.calls()) {
      if (call.isRunning()) {
        cancelled(draft, call, /* undone= */ false);
        draft.effect(new Effect.Abandon(call.invocation().value()));
        abandoned.add(call.invocation());
      }
    }
    return abandoned;
  }

  /* A tool that is gone is taken for the worst. */
  ToolEffect effect(OpenCall call) {
    return spec(call).map(ToolSpec::effect).orElse(ToolEffect.UNSAFE);
  }

  private Optional<ToolSpec> spec(OpenCall call) {
    return call.runsOn().map(ToolOffer::spec).or(() -> catalog.tool(call.name()));
  }

  private static TurnId turn(Draft draft) {
    return AgentLoop.running(draft).request().turn();
  }
}
