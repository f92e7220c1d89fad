package dev.kantele.runtime.model.scripted;

import dev.kantele.runtime.model.ModelRequest;
import java.util.concurrent.CompletionStage;

/** Where a scripted provider writes down that it was called. Thread-safe. */
@FunctionalInterface
public interface CallLog {
  /**
   * Writes down a call, in the order of these calls, without blocking the caller. The call's first
   * element waits for the stage; if it fails, so does the call.
   */
  CompletionStage<Void> append(ModelRequest request);
}
