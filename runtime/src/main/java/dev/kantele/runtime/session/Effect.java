package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.model.ModelRequest;
import java.time.Duration;
import java.time.Instant;

/** What is to be done once the rows of a step are durable. Each at most once, in order. */
public sealed interface Effect {
  /** Answers the command that came with {@code ticket}. */
  record Answer(long ticket, Reply reply) implements Effect {}

  /** Calls {@code provider}'s model; {@code request.stream()} is the operation. */
  record CallModel(String agent, String provider, ModelRequest request, Duration idleLimit)
      implements Effect {}

  /** Asks a stream to stop; it answers with its outcome. */
  record StopStream(StreamId stream) implements Effect {}

  /** Has the hooks asked about a call that may start; {@code arguments} are what it has so far. */
  record CheckTool(
      TurnId turn, InvocationId invocation, String agent, String tool, JsonNode arguments)
      implements Effect {}

  /**
   * Has the hooks asked about what a client or a person has answered; {@code arguments} are what
   * was asked.
   */
  record CheckResult(
      TurnId turn,
      InvocationId invocation,
      String agent,
      String tool,
      JsonNode arguments,
      ToolResult result)
      implements Effect {}

  /** Runs a tool, or, with {@code reconcile}, asks it what became of the attempt before. */
  record InvokeTool(
      TurnId turn,
      InvocationId invocation,
      EffectId effectId,
      int attempt,
      String agent,
      String tool,
      JsonNode arguments,
      boolean reconcile)
      implements Effect {}

  /** Asks a tool call to stop; it answers with its outcome. */
  record StopTool(InvocationId invocation) implements Effect {}

  /** Ends whatever still runs for an operation, without waiting for it. */
  record Abandon(String operation) implements Effect {}

  /** Has {@code timer} fire {@code at}, or at once after that; replaces an earlier equal one. */
  record StartTimer(Input.Timer timer, Instant at) implements Effect {}

  /** Has {@code timer} not fire. */
  record StopTimer(Input.Timer timer) implements Effect {}

  /** Erases the journal, whose last row says so. */
  record EraseLog() implements Effect {}
}
