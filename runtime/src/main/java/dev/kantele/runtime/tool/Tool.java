package dev.kantele.runtime.tool;

import dev.kantele.runtime.surroundings.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Something that an agent can do: JSON in, JSON out. Thread-safe: many calls run at the same time.
 */
public interface Tool {
  /**
   * What the tool is called, takes, does and may take long; the same at every call of this method.
   */
  ToolSpec spec();

  /**
   * Starts one attempt and returns at once; never blocks the caller, which is an actor. Blocking
   * work belongs on a virtual thread: see {@link BlockingTool}.
   */
  ToolRun start(ToolCall call, ToolOutput output);

  /**
   * As {@link #start(ToolCall, ToolOutput)}, which is all that a tool needs unless it takes
   * threads. This is what the runtime calls.
   *
   * @param threads where blocking work gets its thread from
   */
  default ToolRun start(ToolCall call, ToolOutput output, Threads threads) {
    return start(call, output);
  }

  /**
   * Tells what became of an effect whose outcome was lost in a crash. Called only where the effect
   * is {@code reconcile}. The stage fails where the tool cannot tell either.
   */
  default CompletionStage<Reconciliation> reconcile(ToolCall call) {
    return CompletableFuture.completedFuture(
        new Reconciliation.Unknown("the tool cannot tell what became of it"));
  }
}
