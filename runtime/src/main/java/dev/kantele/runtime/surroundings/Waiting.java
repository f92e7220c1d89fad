package dev.kantele.runtime.surroundings;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** How callers wait for what actors do. Thread-safe. */
@FunctionalInterface
public interface Waiting {
  /** They block their thread. */
  Waiting BLOCKING =
      new Waiting() {
        @Override
        public <T> CompletableFuture<T> awaitable(CompletionStage<T> stage) {
          return stage.toCompletableFuture();
        }
      };

  /**
   * Returns a future that completes as {@code stage} does, and by which the caller may wait for it.
   */
  <T> CompletableFuture<T> awaitable(CompletionStage<T> stage);
}
