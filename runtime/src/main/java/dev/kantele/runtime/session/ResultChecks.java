package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.log.JournalRecord.ResultGiven;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.Input.ToolOutcome;
import java.util.Optional;

/**
 * Results that come from outside, of tools that clients run and of questions to people, and what
 * hooks have to say about them. A result is durable before the hooks are asked, so that after a
 * crash they can be asked again.
 */
final class ResultChecks {
  private final Catalog catalog;
  private final AgentLoop loop;
  private final ToolCalls calls;

  ResultChecks(Catalog catalog, AgentLoop loop, ToolCalls calls) {
    this.catalog = catalog;
    this.loop = loop;
    this.calls = calls;
  }

  /** Takes in what a client says of a call of its tool. */
  void given(Draft draft, OpenCall call, Command.ToolResult said) {
    var result = new Part.ToolResult(said.invocation(), said.output(), said.error());
    if (!catalog.checksTools()) {
      calls.end(draft, call, outcome(result));
      return;
    }
    draft.effect(new Effect.StopTimer(new Timer.ClientLimit(call.invocation())));
    draft.note(new ResultGiven(result));
    settle(draft, call.invocation());
  }

  /** Ends the call that has been answered, or has the hooks asked about it first. */
  void settle(Draft draft, InvocationId invocation) {
    OpenCall call = AgentLoop.running(draft).call(invocation).orElseThrow();
    Part.ToolResult result = call.given().orElseThrow();
    if (!catalog.checksTools()) {
      calls.end(draft, call, outcome(result));
      return;
    }
    JsonNode arguments = call.arguments().orElseGet(JsonNodeFactory.instance::objectNode);
    draft.effect(
        new Effect.CheckResult(
            AgentLoop.running(draft).request().turn(),
            invocation,
            draft.state().identity().orElseThrow().agent(),
            call.name(),
            arguments,
            shown(result)));
  }

  private static ToolOutcome outcome(Part.ToolResult result) {
    return result
        .output()
        .<ToolOutcome>map(ToolOutcome.Completed::new)
        .orElseGet(() -> new ToolOutcome.Failed(result.error().orElseThrow()));
  }

  private static ToolResult shown(Part.ToolResult result) {
    return result
        .output()
        .<ToolResult>map(ToolResult.Output::new)
        .orElseGet(() -> new ToolResult.Failed(result.error().orElseThrow()));
  }

  /** Ends a call as the hooks say, unless nobody waits for them any more. */
  void checked(Draft draft, InvocationId invocation, ToolOutcome outcome) {
    Optional<OpenCall> call =
        draft.state().turn().flatMap(turn -> turn.call(invocation)).filter(OpenCall::isAnswered);
    if (call.isPresent()) {
      calls.end(draft, call.get(), outcome);
      loop.afterCall(draft, outcome);
    }
  }

  /** Has the hooks asked again after a recovery, or ends the calls if there are no hooks now. */
  void again(Draft draft) {
    for (OpenCall call : AgentLoop.running(draft).calls()) {
      if (call.isAnswered()) {
        settle(draft, call.invocation());
      }
    }
  }

  /** Ends the calls about whose results hooks are asked. */
  void cancel(Draft draft) {
    for (OpenCall call : AgentLoop.running(draft).calls()) {
      if (call.isAnswered()) {
        draft.effect(new Effect.Abandon(call.invocation().value()));
        calls.end(draft, call, new ToolOutcome.Stopped(/* undone= */ false));
      }
    }
  }
}
