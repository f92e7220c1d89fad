package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import java.util.Optional;

/**
 * A tool call of the running turn's current step.
 *
 * @param arguments the object to call with; absent where the model gave none that is one
 * @param waitsFor set while the call waits for somebody before it may start
 * @param effectId given when the call starts, and kept by later attempts
 * @param attempt how often it was started
 * @param result set by the terminal event
 */
public record OpenCall(
    InvocationId invocation,
    String name,
    Optional<JsonNode> arguments,
    Optional<Wait> waitsFor,
    Optional<EffectId> effectId,
    int attempt,
    Optional<Part.ToolResult> result) {
  /** Whether the tool may be running. */
  public boolean isRunning() {
    return attempt > 0 && result.isEmpty();
  }

  /** Whether the call waits for somebody before it may start. */
  public boolean isWaiting() {
    return waitsFor.isPresent() && result.isEmpty();
  }

  /** Whether somebody must decide before it may start. */
  public boolean isAwaitingApproval() {
    return isWaiting() && question().isEmpty();
  }

  /** What somebody was asked and has not answered yet. */
  Optional<Wait.Question> question() {
    return isWaiting() ? waitsFor.flatMap(Wait::question) : Optional.empty();
  }

  /** Whether the call has its terminal event. */
  public boolean hasEnded() {
    return result.isPresent();
  }

  OpenCall waiting(Wait what) {
    return new OpenCall(invocation, name, arguments, Optional.of(what), effectId, attempt, result);
  }

  OpenCall approved(Optional<JsonNode> edited) {
    return new OpenCall(
        invocation, name, edited.or(() -> arguments), Optional.empty(), effectId, attempt, result);
  }

  OpenCall started(EffectId effect, int number) {
    return new OpenCall(
        invocation, name, arguments, Optional.empty(), Optional.of(effect), number, result);
  }

  OpenCall ended(Part.ToolResult end) {
    return new OpenCall(
        invocation, name, arguments, Optional.empty(), effectId, attempt, Optional.of(end));
  }
}
