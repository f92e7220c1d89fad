package dev.kantele.runtime.tool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Progress;
import dev.kantele.runtime.surroundings.Threads;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A tool written as a plain method, run on a thread of its own; a cancel interrupts that thread.
 */
public abstract class BlockingTool implements Tool {
  /** For subclasses. */
  protected BlockingTool() {}

  /**
   * Makes the call. May block; stops soon after an interrupt by throwing {@link
   * InterruptedException}. Where it waits for {@link ToolOutput#chunk}, it does so by {@code
   * toCompletableFuture().get()}, since {@code join()} can't be interrupted.
   *
   * @throws ToolException for a failure that the model should be told of
   */
  protected abstract JsonNode call(ToolCall call, ToolOutput output) throws Exception;

  /**
   * Whether a call that was interrupted, and failed for it, has left nothing behind; by default
   * never.
   */
  protected boolean undoneByInterrupt() {
    return false;
  }

  @Override
  public final ToolRun start(ToolCall call, ToolOutput output) {
    return start(call, output, Threads.VIRTUAL);
  }

  @Override
  public final ToolRun start(ToolCall call, ToolOutput output, Threads threads) {
    var run = new InterruptibleRun(call, new OpenOutput(output), threads);
    run.thread.start();
    return run;
  }

  /** One attempt. Its thread is there before the run is handed out, so a cancel always finds it. */
  private final class InterruptibleRun implements ToolRun {
    private final CompletableFuture<JsonNode> result = new CompletableFuture<>();
    private final Threads threads;
    private final Thread thread;
    private volatile boolean cancelled;
    private volatile boolean entered;

    InterruptibleRun(ToolCall call, OpenOutput output, Threads threads) {
      this.threads = threads;
      this.thread = threads.unstarted("tool-" + spec().name(), () -> run(call, output));
    }

    // Whatever the tool throws ends the attempt; a swallowed Error would leave it open for good.
    private void run(ToolCall call, OpenOutput output) {
      try {
        if (cancelled) {
          throw new CancellationException("cancelled before it began");
        }
        entered = true;
        JsonNode value = requireNonNull(call(call, output), "value of call");
        output.close();
        result.complete(value);
      } catch (Throwable failure) {
        output.close();
        result.completeExceptionally(outcomeOf(failure));
      }
    }

    private Throwable outcomeOf(Throwable failure) {
      if (!cancelled || failure instanceof ToolException) {
        return failure;
      }
      var cancellation = new CancellationException("cancelled");
      cancellation.initCause(failure);
      return cancellation;
    }

    @Override
    public CompletionStage<JsonNode> result() {
      return result;
    }

    @Override
    public CompletionStage<Boolean> cancel() {
      cancelled = true;
      threads.interrupt(thread);
      return result.handle(
          (_, failure) ->
              failure instanceof CancellationException && (!entered || undoneByInterrupt()));
    }
  }

  /** Lets reports through until the attempt ends, so that a thread left behind reports nothing. */
  private static final class OpenOutput implements ToolOutput {
    private final ToolOutput output;
    private volatile boolean open = true;

    OpenOutput(ToolOutput output) {
      this.output = output;
    }

    void close() {
      open = false;
    }

    @Override
    public CompletionStage<Void> chunk(String text) {
      return open ? output.chunk(text) : CompletableFuture.completedFuture(null);
    }

    @Override
    public void progress(Progress progress) {
      if (open) {
        output.progress(progress);
      }
    }
  }
}
