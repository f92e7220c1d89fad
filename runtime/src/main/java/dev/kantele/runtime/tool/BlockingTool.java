package dev.kantele.runtime.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A tool written as a plain method, run on a virtual thread of its own; a cancel interrupts that
 * thread.
 */
public abstract class BlockingTool implements Tool {
  /** For subclasses. */
  protected BlockingTool() {}

  /**
   * Makes the call. May block; stops soon after an interrupt by throwing {@link
   * InterruptedException}.
   *
   * @throws ToolException for a failure that the model should be told of
   */
  protected abstract JsonNode call(ToolCall call, ToolOutput output) throws Exception;

  /** Whether a call that was interrupted has left nothing behind; by default never. */
  protected boolean undoneByInterrupt() {
    return false;
  }

  @Override
  public final ToolRun start(ToolCall call, ToolOutput output) {
    var run = new InterruptibleRun();
    run.thread =
        Thread.ofVirtual()
            .name("tool-" + spec().name())
            .start(
                () -> {
                  try {
                    run.result.complete(call(call, output));
                  } catch (Throwable failure) {
                    run.result.completeExceptionally(failure);
                  }
                });
    return run;
  }

  private final class InterruptibleRun implements ToolRun {
    private final CompletableFuture<JsonNode> result = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    @Override
    public CompletionStage<JsonNode> result() {
      return result;
    }

    @Override
    public CompletionStage<Boolean> cancel() {
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
      return result.handle((_, failure) -> failure != null && undoneByInterrupt());
    }
  }
}
