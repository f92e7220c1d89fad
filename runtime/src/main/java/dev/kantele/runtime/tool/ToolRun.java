package dev.kantele.runtime.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletionStage;

/** A tool's attempt in progress. */
public interface ToolRun {
  /**
   * The outcome; fails with {@link ToolException} for what the model should be told, with {@link
   * java.util.concurrent.CancellationException} where a cancel stopped it, with anything else for a
   * fault.
   */
  CompletionStage<JsonNode> result();

  /**
   * Asks the attempt to stop, from any thread, at most once. The stage completes when it has
   * stopped; {@code true} says that no effect is left behind.
   */
  CompletionStage<Boolean> cancel();
}
