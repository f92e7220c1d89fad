package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Command.ToolDecide;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.ToolApprovalRequired;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.session.Input.Timer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which calls may run: the agent's policy decides when they are asked for, and somebody where it
 * says so. What was asked stays asked, whatever the policy is when the node starts again.
 */
final class Approvals {
  private final AgentLoop loop;
  private final ToolCalls calls;

  Approvals(AgentLoop loop, ToolCalls calls) {
    this.loop = loop;
    this.calls = calls;
  }

  /** Starts a call whose arguments are valid, has it wait, or denies it. */
  void admit(Draft draft, OpenCall call) {
    ApprovalPolicy policy =
        loop.agent(draft).map(AgentSettings::approvals).orElse(ApprovalPolicy.DEFAULT);
    JsonNode arguments = call.arguments().orElseThrow();
    switch (policy.decide(call.name(), calls.effect(call), arguments)) {
      case ApprovalPolicy.Verdict.Allow _ -> calls.checks().admit(draft, call);
      case ApprovalPolicy.Verdict.Ask _ -> ask(draft, call, policy);
      case ApprovalPolicy.Verdict.Deny(var reason) -> deny(draft, call.invocation(), reason);
    }
  }

  private static void ask(Draft draft, OpenCall call, ApprovalPolicy policy) {
    Instant expiresAt = draft.now().plus(policy.expiresAfter());
    draft.emit(new ToolApprovalRequired(turn(draft), call.invocation(), Optional.of(expiresAt)));
    draft.effect(new Effect.StartTimer(new Timer.Expiry(call.invocation()), expiresAt));
  }

  private static void deny(Draft draft, InvocationId invocation, String reason) {
    draft.emit(new ToolDenied(turn(draft), invocation, Optional.of(reason)));
  }

  /** Takes somebody's decision: the first one holds. */
  void decide(Draft draft, ToolDecide decide, Answers answer) {
    if (answer.isRepeated()) {
      return;
    }
    InvocationId invocation = decide.invocation();
    OpenCall call = waiting(draft, invocation).orElse(null);
    if (call == null) {
      refuse(draft, invocation, answer);
    } else if (decide.decision() == Decision.APPROVE) {
      approve(draft, call, decide, answer);
    } else {
      OpenTurn before = AgentLoop.running(draft);
      String by = answer.commanded().client().client().value();
      deny(draft, invocation, decide.reason().orElse(by + " did not allow it"));
      decided(draft, before, invocation, answer);
    }
  }

  private static void refuse(Draft draft, InvocationId invocation, Answers answer) {
    if (draft.state().knows(invocation)) {
      answer.nack(
          ErrorCode.ALREADY_DECIDED, "tool call " + invocation + " does not wait for a decision");
    } else {
      answer.nack(ErrorCode.INVOCATION_NOT_FOUND, "there is no tool call " + invocation);
    }
  }

  private void approve(Draft draft, OpenCall call, ToolDecide decide, Answers answer) {
    Optional<JsonNode> edited = decide.arguments();
    List<String> faults = edited.map(arguments -> calls.faults(call, arguments)).orElse(List.of());
    if (!faults.isEmpty()) {
      answer.nack(ErrorCode.INVALID_ARGUMENT, String.join("; ", faults));
      return;
    }
    OpenTurn before = AgentLoop.running(draft);
    String by = answer.commanded().client().client().value();
    draft.emit(new ToolApproved(turn(draft), call.invocation(), edited, by));
    OpenCall approved = AgentLoop.running(draft).call(call.invocation()).orElseThrow();
    if (calls.isPossible(draft, approved)) {
      calls.checks().admit(draft, approved);
    }
    decided(draft, before, call.invocation(), answer);
  }

  /* The command is answered before what comes next, so that its rows are those that carry the answer. */
  private void decided(Draft draft, OpenTurn before, InvocationId invocation, Answers answer) {
    answer.rememberDone();
    calls.waitOver(draft, before, invocation);
  }

  /** Denies a call for which nobody has decided in time. */
  void expired(Draft draft, InvocationId invocation) {
    OpenCall call = waiting(draft, invocation).orElse(null);
    if (call == null) {
      return;
    }
    OpenTurn before = AgentLoop.running(draft);
    deny(draft, invocation, "nobody decided in time, and the approval expired");
    calls.waitOver(draft, before, invocation);
  }

  private static Optional<OpenCall> waiting(Draft draft, InvocationId invocation) {
    return draft
        .state()
        .turn()
        .flatMap(turn -> turn.call(invocation))
        .filter(OpenCall::isAwaitingApproval);
  }

  private static TurnId turn(Draft draft) {
    return AgentLoop.running(draft).request().turn();
  }
}
