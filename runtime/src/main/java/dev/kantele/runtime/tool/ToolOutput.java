package dev.kantele.runtime.tool;

import dev.kantele.protocol.Progress;
import java.util.concurrent.CompletionStage;

/**
 * Where a running tool reports before it ends. Safe from any thread; after the end of the attempt
 * it does nothing.
 */
public interface ToolOutput {
  /**
   * Sends a piece of output. A tool that makes much of it waits for the stage, which completes when
   * there is room for more.
   */
  CompletionStage<Void> chunk(String text);

  /**
   * Says how far the call has come; a later report replaces an earlier one that was not sent yet.
   */
  void progress(Progress progress);
}
