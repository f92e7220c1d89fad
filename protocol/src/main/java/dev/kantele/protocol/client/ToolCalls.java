package dev.kantele.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one session's client-run tools that have not ended in the log: each is run at most
 * once, however often it is started. Confined to the client's mailbox.
 */
final class ToolCalls {
  static final String TOOL_FAILED = "tool_failed";

  /** What a snapshot calls a call that runs. */
  private static final String STARTED = "started";

  private static final class Call {
    private final TurnId turn;
    private final ClientTool tool;
    private JsonNode arguments;
    private @Nullable ToolRun run;

    Call(TurnId turn, ClientTool tool, JsonNode arguments) {
      this.turn = turn;
      this.tool = tool;
      this.arguments = arguments;
    }
  }

  private final SessionId session;
  private final ClientCore client;
  private final Map<InvocationId, Call> calls = new HashMap<>();
  private Map<String, ClientTool> tools = Map.of();

  ToolCalls(SessionId session, ClientCore client) {
    this.session = session;
    this.client = client;
  }

  /** These are the tools from now on; calls of others that run go on. */
  void offer(Map<String, ClientTool> offered) {
    tools = Map.copyOf(offered);
  }

  void happened(EventBody body) {
    switch (body) {
      case EventBody.ToolRequested requested -> requested(requested);
      case EventBody.ToolApproved approved -> approved(approved);
      case EventBody.ToolStarted started ->
          started(started.invocation(), Optional.of(started.effectId()));
      case EventBody.SessionSnapshot snapshot -> snapshot(snapshot.state());
      case EventBody.Terminal end when end instanceof EventBody.OfInvocation of ->
          ended(of.invocation());
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ -> {}
    }
  }

  private void requested(EventBody.ToolRequested requested) {
    ClientTool tool = tools.get(requested.name());
    if (tool != null && requested.executor() == ToolExecutor.CLIENT) {
      JsonNode arguments = requested.arguments().orElseGet(JsonNodeFactory.instance::objectNode);
      calls.put(requested.invocation(), new Call(requested.turn(), tool, arguments));
    }
  }

  private void approved(EventBody.ToolApproved approved) {
    Call call = calls.get(approved.invocation());
    if (call != null) {
      call.arguments = approved.arguments().orElse(call.arguments);
    }
  }

  /** A snapshot does not say who runs a call; a tool that was offered here is run here. */
  private void snapshot(SnapshotState state) {
    if (state.turn().isEmpty()) {
      return;
    }
    SnapshotState.OpenTurn turn = state.turn().get();
    for (SnapshotState.OpenInvocation open : turn.invocations()) {
      ClientTool tool = tools.get(open.name());
      if (tool != null) {
        calls.computeIfAbsent(
            open.invocation(), _ -> new Call(turn.turn(), tool, open.arguments()));
        if (open.state().equals(STARTED)) {
          started(open.invocation(), Optional.empty());
        }
      }
    }
  }

  /** A later attempt, after the node lost the outcome, gets the outcome of the one run. */
  private void started(InvocationId invocation, Optional<EffectId> effectId) {
    Call call = calls.get(invocation);
    if (call == null) {
      return;
    }
    if (call.run == null) {
      call.run = new ToolRun(session, invocation, client);
      call.run.start(call.tool, call.turn, effectId, call.arguments);
    } else {
      call.run.startedAgain();
    }
  }

  private void ended(InvocationId invocation) {
    Call call = calls.remove(invocation);
    if (call != null && call.run != null) {
      call.run.interrupt();
    }
  }

  void interruptAll() {
    for (Call call : calls.values()) {
      if (call.run != null) {
        call.run.interrupt();
      }
    }
    calls.clear();
  }

  /** What the model is told of a failure that the tool did not put into words. */
  static Failure failure(String name) {
    return new Failure(TOOL_FAILED, "Tool " + name + " failed.", /* retryable= */ false);
  }
}
