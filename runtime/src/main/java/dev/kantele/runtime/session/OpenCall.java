package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import java.time.Instant;
import java.util.Optional;

/**
 * A tool call of the running turn's current step.
 *
 * @param arguments the object to call with; absent where the model gave none that is one
 * @param runsOn the client that runs it, and the tool as that client described it; absent if the
 *     node runs it
 * @param waitsFor set while the call waits for somebody before it may start
 * @param effectId given when the call starts, and kept by later attempts
 * @param attempt how often it was started
 * @param deadline when a client that runs it must have answered; set when it starts
 * @param heard whether that client has given a sign of life since then
 * @param given what its client, or who was asked, has answered; hooks may change it
 * @param result set by the terminal event
 */
public record OpenCall(
    InvocationId invocation,
    String name,
    Optional<JsonNode> arguments,
    Optional<ToolOffer> runsOn,
    Optional<Wait> waitsFor,
    Optional<EffectId> effectId,
    int attempt,
    Optional<Instant> deadline,
    boolean heard,
    Optional<Part.ToolResult> given,
    Optional<Part.ToolResult> result) {
  static OpenCall requested(
      InvocationId invocation,
      String name,
      Optional<JsonNode> arguments,
      Optional<ToolOffer> runsOn) {
    return new OpenCall(
        invocation,
        name,
        arguments,
        runsOn,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        /* heard= */ false,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Whether the tool may be running, or has said something that is not in its terminal event yet.
   */
  public boolean isRunning() {
    return attempt > 0 && result.isEmpty();
  }

  /** Whether the tool may be running on this node, and not on a client. */
  boolean isRunningHere() {
    return isRunning() && runsOn.isEmpty();
  }

  /** Whether the tool may be running on a client. */
  public boolean isRunningElsewhere() {
    return isRunning() && runsOn.isPresent() && given.isEmpty();
  }

  /** Whether hooks are asked about what a client or a person has answered. */
  public boolean isAnswered() {
    return given.isPresent() && result.isEmpty();
  }

  /** Whether the call waits for somebody before it may start. */
  public boolean isWaiting() {
    return waitsFor.isPresent() && result.isEmpty();
  }

  /** Whether hooks are asked about it before it may start. */
  public boolean isChecked() {
    return attempt == 0 && waitsFor.isEmpty() && given.isEmpty() && result.isEmpty();
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
    return new OpenCall(
        invocation,
        name,
        arguments,
        runsOn,
        Optional.of(what),
        effectId,
        attempt,
        deadline,
        heard,
        given,
        result);
  }

  OpenCall approved(Optional<JsonNode> edited) {
    return new OpenCall(
        invocation,
        name,
        edited.or(() -> arguments),
        runsOn,
        Optional.empty(),
        effectId,
        attempt,
        deadline,
        heard,
        given,
        result);
  }

  OpenCall started(EffectId effect, int number, Instant at) {
    return new OpenCall(
        invocation,
        name,
        arguments,
        runsOn,
        Optional.empty(),
        Optional.of(effect),
        number,
        runsOn.map(offer -> at.plus(offer.limit())),
        /* heard= */ false,
        given,
        result);
  }

  OpenCall signOfLife() {
    return new OpenCall(
        invocation,
        name,
        arguments,
        runsOn,
        waitsFor,
        effectId,
        attempt,
        deadline,
        /* heard= */ true,
        given,
        result);
  }

  OpenCall ended(Part.ToolResult end) {
    return new OpenCall(
        invocation,
        name,
        arguments,
        runsOn,
        Optional.empty(),
        effectId,
        attempt,
        deadline,
        heard,
        given,
        Optional.of(end));
  }

  OpenCall answered(Part.ToolResult answer) {
    return new OpenCall(
        invocation,
        name,
        arguments,
        runsOn,
        Optional.empty(),
        effectId,
        attempt,
        deadline,
        heard,
        Optional.of(answer),
        result);
  }
}
