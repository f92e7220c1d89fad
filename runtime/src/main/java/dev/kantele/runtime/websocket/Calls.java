package dev.kantele.runtime.websocket;

import dev.kantele.runtime.service.Incident;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection to what answers later, on whatever thread. Outcomes come back into
 * the connection's stream; a failure is logged under an id, which is all that a client hears of it.
 */
final class Calls {
  private final AsyncCallback<Runnable> inside;
  private final Consumer<List<Effect>> perform;

  /**
   * Calls of one stage.
   *
   * @param inside runs something in the stage
   * @param perform takes what was decided on an outcome
   */
  Calls(AsyncCallback<Runnable> inside, Consumer<List<Effect>> perform) {
    this.inside = inside;
    this.perform = perform;
  }

  /**
   * Makes a call.
   *
   * @param what the call as a log says it, as in "read a log"
   * @param answered decides on the answer
   * @param failed decides on a failure, whose id it gets
   */
  <T> void make(
      String what,
      Supplier<CompletionStage<T>> call,
      Function<T, List<Effect>> answered,
      Function<String, List<Effect>> failed) {
    CompletionStage<T> answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    answer.whenComplete(
        (value, cause) ->
            inside.invoke(() -> perform.accept(decide(what, value, cause, answered, failed))));
  }

  private static <T> List<Effect> decide(
      String what,
      @Nullable T value,
      @Nullable Throwable cause,
      Function<T, List<Effect>> answered,
      Function<String, List<Effect>> failed) {
    if (value == null) {
      return failed.apply(Incident.logged(what, cause));
    }
    try {
      return answered.apply(value);
    } catch (RuntimeException e) {
      return failed.apply(Incident.logged(what, e));
    }
  }
}
