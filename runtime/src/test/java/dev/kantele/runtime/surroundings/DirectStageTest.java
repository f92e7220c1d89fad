package dev.kantele.runtime.surroundings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import scala.concurrent.Promise;
import scala.jdk.javaapi.FutureConverters;

final class DirectStageTest {
  @Nested
  class OfAScalaFuture {
    private final Promise<String> promise = Promise.apply();
    private final CompletionStage<String> stage = FutureConverters.asJava(promise.future());

    @Test
    void runs_what_depends_on_it_where_it_is_completed() {
      var ranOn = new AtomicReference<Thread>();
      CompletableFuture<Void> seen =
          DirectStage.of(stage).thenAccept(_ -> ranOn.set(Thread.currentThread()));

      promise.success("done");

      assertThat(seen).isCompleted();
      assertThat(ranOn).hasValue(Thread.currentThread());
    }

    @Test
    void fails_as_it_does() {
      CompletableFuture<String> direct = DirectStage.of(stage);

      promise.failure(new IllegalStateException("broken"));

      assertThatThrownBy(direct::join).hasRootCauseMessage("broken");
    }
  }

  @Test
  void a_stage_of_the_jdk_keeps_its_outcome() {
    assertThat(DirectStage.of(CompletableFuture.completedStage("done")))
        .isCompletedWithValue("done");
    assertThatThrownBy(
            DirectStage.of(CompletableFuture.failedStage(new IllegalStateException("broken")))
                ::join)
        .hasRootCauseMessage("broken");
  }
}
