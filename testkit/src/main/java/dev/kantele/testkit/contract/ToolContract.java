package dev.kantele.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.Reconciliation;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRegistry;
import dev.kantele.runtime.tool.ToolRun;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Tool} must do. A subclass offers the tool and arguments for it, and where it
 * can, arguments with which a call takes so long that it can be cancelled.
 */
public abstract class ToolContract {
  private static final int LIMIT_SECONDS = 30;
  private static final AtomicInteger CALLS = new AtomicInteger();

  /** For subclasses. */
  protected ToolContract() {}

  /** The tool under test. */
  protected abstract Tool tool();

  /** Arguments with which a call succeeds. */
  protected abstract JsonNode working();

  /** Arguments with which a call takes long; absent if none does. */
  protected Optional<JsonNode> lasting() {
    return Optional.empty();
  }

  private static ToolCall call(JsonNode arguments) {
    int number = CALLS.incrementAndGet();
    return new ToolCall(
        new SessionId("contract"),
        new TurnId("turn"),
        new InvocationId("call-" + number),
        new EffectId("effect-" + number),
        /* attempt= */ 1,
        arguments);
  }

  @Test
  final void it_says_the_same_of_itself_each_time() {
    assertThat(tool().spec()).isEqualTo(tool().spec());
  }

  @Test
  final void its_schema_takes_arguments_that_work() {
    ToolRegistry registry = ToolRegistry.of(List.of(tool()));

    assertThat(registry.validate(tool().spec().name(), working()))
        .isInstanceOf(ArgumentValidator.Result.Valid.class);
  }

  @Test
  final void a_call_ends_with_output() {
    assertThat(get(tool().start(call(working()), new Ignored()).result())).isNotNull();
  }

  @Test
  final void calls_run_beside_each_other() {
    ToolRun one = tool().start(call(working()), new Ignored());
    ToolRun other = tool().start(call(working()), new Ignored());

    assertThat(get(other.result())).isNotNull();
    assertThat(get(one.result())).isNotNull();
  }

  @Test
  final void a_cancel_ends_a_call_and_says_so() {
    assumeTrue(lasting().isPresent(), "no call takes long");
    ToolRun run = tool().start(call(lasting().orElseThrow()), new Ignored());

    get(run.cancel());

    assertThat(run.result().handle((_, failure) -> isExpected(failure)).toCompletableFuture())
        .succeedsWithin(LIMIT_SECONDS, TimeUnit.SECONDS)
        .isEqualTo(true);
  }

  /* It may have ended by itself just before. */
  private static boolean isExpected(Throwable failure) {
    return failure == null
        || failure instanceof CancellationException
        || failure instanceof ToolException
        || isExpectedCause(failure);
  }

  private static boolean isExpectedCause(Throwable failure) {
    return failure.getCause() instanceof CancellationException
        || failure.getCause() instanceof ToolException;
  }

  @Test
  final void one_that_reconciles_knows_what_became_of_a_call_that_ended() {
    assumeTrue(tool().spec().effect() == ToolEffect.RECONCILE, "it is not asked");
    Tool tool = tool();
    ToolCall call = call(working());
    get(tool.start(call, new Ignored()).result());

    assertThat(get(tool.reconcile(call))).isInstanceOf(Reconciliation.Done.class);
  }

  @Test
  final void one_that_reconciles_does_not_claim_what_never_was() {
    assumeTrue(tool().spec().effect() == ToolEffect.RECONCILE, "it is not asked");

    assertThat(get(tool().reconcile(call(working())))).isNotInstanceOf(Reconciliation.Done.class);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Takes whatever is reported. */
  private static final class Ignored implements ToolOutput {
    @Override
    public CompletionStage<Void> chunk(String text) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void progress(Progress progress) {}
  }
}
