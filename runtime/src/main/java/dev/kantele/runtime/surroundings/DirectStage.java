package dev.kantele.runtime.surroundings;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Failure;
import scala.util.Success;
import scala.util.Try;

/**
 * Stages of Pekko, made direct. Those that were Scala futures run whatever depends on them on the
 * JVM's common pool, which costs a hop and belongs to nobody.
 */
public final class DirectStage {
  /**
   * Returns a future that completes as {@code stage} does, and runs what depends on it at once, on
   * the thread that completes it. Nothing that depends on it may block.
   */
  public static <T> CompletableFuture<T> of(CompletionStage<T> stage) {
    var direct = new CompletableFuture<T>();
    FutureConverters.asScala(stage)
        .onComplete(outcome -> complete(direct, outcome), ExecutionContext.parasitic$.MODULE$);
    return direct;
  }

  private static <T> @Nullable Void complete(CompletableFuture<T> direct, Try<T> outcome) {
    switch (outcome) {
      case Success<T> success -> direct.complete(success.value());
      case Failure<T> failure -> direct.completeExceptionally(failure.exception());
      default -> throw new IllegalStateException("outcome: " + outcome);
    }
    return null;
  }

  private DirectStage() {}
}
