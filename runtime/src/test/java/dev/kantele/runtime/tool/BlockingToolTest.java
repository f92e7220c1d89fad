package dev.kantele.runtime.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Progress;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BlockingToolTest {
  private static final ToolCall CALL = Tools.call("{\"n\": 1}");

  private final Tools.RecordingOutput output = new Tools.RecordingOutput();

  @Nested
  class Uncancelled {
    @Test
    void the_value_is_the_result() throws Exception {
      ToolRun run = tool((call, _) -> call.arguments()).start(CALL, output);

      assertThat(value(run.result())).isEqualTo(CALL.arguments());
    }

    @Test
    void a_failure_is_handed_on_as_it_is() {
      var failure = new ToolException(new Failure("no_such_file", "There is no file 'x'", false));
      ToolRun run =
          tool((_, _) -> {
                throw failure;
              })
              .start(CALL, output);

      assertThatThrownBy(() -> value(run.result()))
          .isInstanceOf(ExecutionException.class)
          .hasCause(failure);
    }

    @Test
    void an_error_ends_the_attempt_as_well() {
      ToolRun run =
          tool((_, _) -> {
                throw new StackOverflowError();
              })
              .start(CALL, output);

      assertThatThrownBy(() -> value(run.result())).hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    @SuppressWarnings("NullAway") // what a tool that is not checked for nulls may do
    void no_value_is_a_fault() {
      ToolRun run = tool((_, _) -> null).start(CALL, output);

      assertThatThrownBy(() -> value(run.result())).hasCauseInstanceOf(NullPointerException.class);
    }

    @Test
    void output_goes_through_while_the_attempt_runs_and_not_after() throws Exception {
      var leaked = new CompletableFuture<ToolOutput>();
      ToolRun run =
          tool((call, out) -> {
                leaked.complete(out);
                out.chunk("during").toCompletableFuture().get();
                out.progress(progress("during"));
                return call.arguments();
              })
              .start(CALL, output);
      value(run.result());

      leaked.get().chunk("after").toCompletableFuture().get();
      leaked.get().progress(progress("after"));

      assertThat(output.chunks).containsExactly("during");
      assertThat(output.reports).containsExactly(progress("during"));
    }
  }

  @Nested
  class Cancelled {
    private final CountDownLatch entered = new CountDownLatch(1);

    @Test
    void a_cancel_interrupts_and_the_result_says_cancelled() throws Exception {
      ToolRun run = tool(this::block).start(CALL, output);
      entered.await();

      assertThat(value(run.cancel())).isFalse();
      assertThatThrownBy(() -> value(run.result())).isInstanceOf(CancellationException.class);
    }

    @Test
    void what_an_interrupt_undoes_leaves_no_effect() throws Exception {
      ToolRun run = undoing(this::block).start(CALL, output);
      entered.await();

      assertThat(value(run.cancel())).isTrue();
    }

    @Test
    void a_cancel_right_after_the_start_is_never_lost() throws Exception {
      for (int i = 0; i < 500; i++) {
        ToolRun run = undoing(this::block).start(CALL, output);

        assertThat(value(run.cancel())).isTrue();
      }
    }

    @Test
    void a_call_that_succeeds_in_spite_of_the_cancel_has_its_effect() throws Exception {
      var cancelled = new CountDownLatch(1);
      ToolRun run =
          undoing(
                  (call, _) -> {
                    entered.countDown();
                    awaitUninterruptibly(cancelled);
                    return call.arguments();
                  })
              .start(CALL, output);
      entered.await();
      CompletionStage<Boolean> undone = run.cancel();
      cancelled.countDown();

      assertThat(value(undone)).isFalse();
      assertThat(value(run.result())).isEqualTo(CALL.arguments());
    }

    @Test
    void a_cancel_after_the_end_changes_nothing() throws Exception {
      ToolRun run = undoing((call, _) -> call.arguments()).start(CALL, output);
      value(run.result());

      assertThat(value(run.cancel())).isFalse();
      assertThat(value(run.result())).isEqualTo(CALL.arguments());
    }

    private JsonNode block(ToolCall call, ToolOutput out) throws InterruptedException {
      entered.countDown();
      new CountDownLatch(1).await();
      return call.arguments();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
      while (true) {
        try {
          latch.await();
          return;
        } catch (InterruptedException _) {
          // Some libraries do so: that is the case under test.
        }
      }
    }
  }

  private interface Body {
    JsonNode call(ToolCall call, ToolOutput output) throws Exception;
  }

  private static Tool tool(Body body) {
    return new BodyTool(body, /* undoes= */ false);
  }

  private static Tool undoing(Body body) {
    return new BodyTool(body, /* undoes= */ true);
  }

  private static final class BodyTool extends BlockingTool {
    private final Body body;
    private final boolean undoes;

    BodyTool(Body body, boolean undoes) {
      this.body = body;
      this.undoes = undoes;
    }

    @Override
    public ToolSpec spec() {
      return Tools.spec("body", "{}");
    }

    @Override
    protected JsonNode call(ToolCall call, ToolOutput output) throws Exception {
      return body.call(call, output);
    }

    @Override
    protected boolean undoneByInterrupt() {
      return undoes;
    }
  }

  private static Progress progress(String message) {
    return new Progress(OptionalDouble.empty(), OptionalDouble.empty(), Optional.of(message));
  }

  private static <T> T value(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get();
  }
}
