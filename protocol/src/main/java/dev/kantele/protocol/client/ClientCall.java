package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.TurnId;
import java.util.Optional;

/**
 * One call of a {@link ClientTool}. Its methods are for the call's own thread.
 *
 * @param turn the turn that it is part of
 * @param invocation its name; a client runs each at most once
 * @param effectId the same in every attempt, for a tool that must know whether it did this before;
 *     absent where the client was away when the call started, and a snapshot told it of the call
 * @param arguments what the model, or the human who approved, gave
 * @param reporter where output and progress go
 */
public record ClientCall(
    TurnId turn,
    InvocationId invocation,
    Optional<EffectId> effectId,
    JsonNode arguments,
    Reporter reporter) {
  /** Tells the node what a running tool says. */
  public interface Reporter {
    /** Tells a piece of output or how far the tool has come, and waits until the node has it. */
    void report(Optional<String> chunk, Optional<Progress> progress) throws InterruptedException;
  }

  public ClientCall {
    requireNonNull(turn, "turn");
    requireNonNull(invocation, "invocation");
    requireNonNull(effectId, "effectId");
    requireNonNull(arguments, "arguments");
    requireNonNull(reporter, "reporter");
  }

  /**
   * Tells a piece of output, and waits until the node has it, across a lost connection too.
   *
   * @throws CommandRefusedException if the call is over
   */
  public void output(String chunk) throws InterruptedException {
    reporter.report(Optional.of(chunk), Optional.empty());
  }

  /**
   * Tells how far the tool has come, and waits until the node has it.
   *
   * @throws CommandRefusedException if the call is over
   */
  public void progress(Progress progress) throws InterruptedException {
    reporter.report(Optional.empty(), Optional.of(progress));
  }
}
