package dev.kantele.runtime.hook;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a host has a say in: override what you want, the rest lets everything through. Thread-safe:
 * many sessions ask one hook at the same time.
 *
 * <p>Hooks are asked in the order in which they were registered, each with the changes of those
 * before it; after a call in the opposite order. The first veto holds, and no further hook is
 * asked. Each question is put on a virtual thread, so that it may block, and has {@code
 * kantele.hooks.timeout} for its answer. When nobody waits for it any more, since the turn was
 * cancelled or the time is over, the thread is interrupted and the answer's future is cancelled.
 *
 * <p>A hook that throws, fails, answers null or is out of time ends the turn: {@code turn.failed}
 * with the code {@code hook_failed}, which names the hook. What it threw is in the node's log only.
 * A hook whose answer was lost in a crash is asked again, so it must bear being asked twice.
 */
public interface Hook {
  /**
   * What the hook is called in events and errors: 1 to 64 characters of {@code A-Za-z0-9._-}, no
   * two of a node the same.
   */
  String name();

  /** Asks before each call of a model, also before one that repeats a failed one. */
  default CompletionStage<BeforeModel> beforeModel(ModelCall call) {
    return CompletableFuture.completedFuture(new BeforeModel.Proceed());
  }

  /**
   * Asks after a call of a model that finished by itself, before its tool calls are looked at. Who
   * follows the session has seen the text by then, so it can be refused, but not changed. Its
   * tokens count as the turn's either way.
   */
  default CompletionStage<AfterModel> afterModel(ModelCall call, ModelReply reply) {
    return CompletableFuture.completedFuture(new AfterModel.Proceed());
  }

  /**
   * Asks before a tool call starts: its arguments fit the tool's schema, and policy and people have
   * allowed it. Asked once for each call; not again where a lost call is started again.
   */
  default CompletionStage<BeforeTool> beforeTool(ToolUse use) {
    return CompletableFuture.completedFuture(new BeforeTool.Proceed());
  }

  /**
   * Asks after a tool call that ended by itself, whoever ran it, before the model or anybody who
   * follows the session sees its result. What the tool said while it ran has been seen, and so has
   * what a person answered to a question.
   */
  default CompletionStage<AfterTool> afterTool(ToolUse use, ToolResult result) {
    return CompletableFuture.completedFuture(new AfterTool.Proceed());
  }
}
