package dev.kantele.runtime.session;

import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.hook.ArgumentChange;
import dev.kantele.runtime.hook.HookRun;
import dev.kantele.runtime.session.Input.ToolCheck;
import java.util.List;
import java.util.Optional;

/**
 * What hooks say of tool calls that may start: asked about after policy and people, answered before
 * {@code tool.started}. A question leaves no row. It is lost with the session's life and put again
 * in the next one.
 */
final class ToolChecks {
  private final Catalog catalog;
  private final AgentLoop loop;
  private final ToolCalls calls;

  ToolChecks(Catalog catalog, AgentLoop loop, ToolCalls calls) {
    this.catalog = catalog;
    this.loop = loop;
    this.calls = calls;
  }

  /** Starts a call that may run, or has the hooks asked about it first. */
  void admit(Draft draft, OpenCall call) {
    if (catalog.checksTools()) {
      draft.effect(
          new Effect.CheckTool(
              turn(draft),
              call.invocation(),
              draft.state().identity().orElseThrow().agent(),
              call.name(),
              call.arguments().orElseThrow()));
    } else {
      calls.start(draft, call, /* reconcile= */ false);
    }
  }

  /** Does what the hooks say of a call, unless it waits for them no longer. */
  void checked(Draft draft, InvocationId invocation, ToolCheck check) {
    OpenCall call =
        draft
            .state()
            .turn()
            .flatMap(turn -> turn.call(invocation))
            .filter(OpenCall::isChecked)
            .orElse(null);
    if (call == null) {
      return;
    }
    switch (check) {
      case ToolCheck.Passed(var changes) -> passed(draft, call, changes);
      case ToolCheck.Denied(var reason) -> {
        draft.emit(new ToolDenied(turn(draft), invocation, Optional.of(reason)));
        loop.afterCall(draft);
      }
      case ToolCheck.Broke(var failure) -> loop.ending().failWhenQuiet(draft, failure);
    }
  }

  private void passed(Draft draft, OpenCall call, List<ArgumentChange> changes) {
    Optional<Failure> fault = fault(call, changes);
    if (fault.isPresent()) {
      loop.ending().failWhenQuiet(draft, fault.get());
      return;
    }
    OpenTurn before = AgentLoop.running(draft);
    for (ArgumentChange change : changes) {
      draft.emit(
          new ToolApproved(
              turn(draft),
              call.invocation(),
              Optional.of(change.arguments()),
              "hook:" + change.hook()));
    }
    start(draft, before, call.invocation());
  }

  /* A model can correct its arguments; a hook that gets them wrong will do so again. */
  private Optional<Failure> fault(OpenCall call, List<ArgumentChange> changes) {
    for (ArgumentChange change : changes) {
      List<String> faults = calls.faults(call, change.arguments());
      if (!faults.isEmpty()) {
        return Optional.of(
            new Failure(
                HookRun.CODE,
                "the hook '%s' gave a call of the tool '%s' arguments that it does not take: %s"
                    .formatted(change.hook(), call.name(), String.join("; ", faults)),
                /* retryable= */ false));
      }
    }
    return Optional.empty();
  }

  /** Has the hooks asked again after a recovery, or starts the calls if there are no hooks now. */
  void again(Draft draft) {
    for (OpenCall call : AgentLoop.running(draft).calls()) {
      if (call.isChecked() && calls.isPossible(draft, call)) {
        OpenTurn before = AgentLoop.running(draft);
        admit(draft, call);
        loop.clock().follow(draft, before);
      }
    }
  }

  private void start(Draft draft, OpenTurn before, InvocationId invocation) {
    calls.startIfPossible(draft, AgentLoop.running(draft).call(invocation).orElseThrow());
    loop.clock().follow(draft, before);
    loop.afterCall(draft);
  }

  /** Ends the calls about which hooks are asked: what they say is of no interest any more. */
  void cancel(Draft draft) {
    for (OpenCall call : AgentLoop.running(draft).calls()) {
      if (call.isChecked()) {
        draft.effect(new Effect.Abandon(call.invocation().value()));
        draft.emit(
            new ToolCancelled(turn(draft), call.invocation(), Optional.of("the turn was ended")));
      }
    }
  }

  private static TurnId turn(Draft draft) {
    return AgentLoop.running(draft).request().turn();
  }
}
