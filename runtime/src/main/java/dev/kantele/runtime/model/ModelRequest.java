package dev.kantele.runtime.model;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.List;
import java.util.Optional;

/**
 * One call of a model.
 *
 * @param model the part of the model reference after the slash
 * @param attempt 1 for the first call, one more for each call that repeats a failed one
 * @param transcript what was said so far; every tool call in it has a result
 */
public record ModelRequest(
    SessionId session,
    TurnId turn,
    StreamId stream,
    int attempt,
    String model,
    Optional<String> instructions,
    List<Message> transcript,
    List<ToolSpec> tools,
    Optional<JsonNode> params,
    Optional<JsonNode> outputSchema) {
  public ModelRequest {
    requireNonNull(session, "session");
    requireNonNull(turn, "turn");
    requireNonNull(stream, "stream");
    requireNonNull(model, "model");
    transcript = List.copyOf(transcript);
    tools = List.copyOf(tools);
  }
}
