package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;

/**
 * One tool call, as a hook sees it.
 *
 * @param agent the session's agent
 * @param tool the tool's name
 * @param arguments an object, with the changes of the hooks before; a copy, so that changing it
 *     changes nothing
 */
public record ToolUse(
    SessionId session,
    TurnId turn,
    InvocationId invocation,
    String agent,
    String tool,
    JsonNode arguments) {
  public ToolUse {
    requireNonNull(session, "session");
    requireNonNull(turn, "turn");
    requireNonNull(invocation, "invocation");
    requireNonNull(agent, "agent");
    requireNonNull(tool, "tool");
    arguments = requireNonNull(arguments, "arguments").deepCopy();
  }

  ToolUse with(JsonNode changed) {
    return new ToolUse(session, turn, invocation, agent, tool, changed);
  }
}
