package dev.kantele.runtime.tool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;

/**
 * One attempt at one tool call. {@code arguments} have passed the tool's schema; {@code effectId}
 * is the same in every attempt, so that a tool can recognise a repeated effect.
 */
public record ToolCall(
    SessionId session,
    TurnId turn,
    InvocationId invocation,
    EffectId effectId,
    int attempt,
    JsonNode arguments) {
  public ToolCall {
    requireNonNull(session, "session");
    requireNonNull(turn, "turn");
    requireNonNull(invocation, "invocation");
    requireNonNull(effectId, "effectId");
    requireNonNull(arguments, "arguments");
  }
}
