package dev.kantele.runtime.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.surroundings.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HookRunTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final ToolUse USE =
      new ToolUse(
          new SessionId("s"),
          new TurnId("t"),
          new InvocationId("i"),
          "agent",
          "look",
          JsonNodeFactory.instance.objectNode());

  private final ManualTime time = ManualTime.get(KIT.system());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private record Asked(String name, Function<ToolUse, CompletionStage<BeforeTool>> answer)
      implements Hook {
    @Override
    public CompletionStage<BeforeTool> beforeTool(ToolUse use) {
      return answer.apply(use);
    }
  }

  private static HookRun<List<ArgumentChange>> run(Hook... hooks) {
    return new Hooks(List.of(hooks), LIMIT, Surroundings.OF_THE_SYSTEM)
        .beforeTool(USE, KIT.system());
  }

  private static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(40, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static CompletionStage<BeforeTool> proceed() {
    return CompletableFuture.completedStage(new BeforeTool.Proceed());
  }

  private static void block(CompletableFuture<Boolean> interrupted) {
    try {
      new CountDownLatch(1).await();
      interrupted.complete(false);
    } catch (InterruptedException e) {
      interrupted.complete(true);
    }
  }

  @Test
  void hooks_are_asked_on_a_virtual_thread() {
    var virtual = new CompletableFuture<Boolean>();
    run(
        new Asked(
            "a",
            _ -> {
              virtual.complete(Thread.currentThread().isVirtual());
              return proceed();
            }));

    assertThat(get(virtual)).isTrue();
  }

  @Test
  void no_hooks_let_everything_through() {
    assertThat(get(run().outcome())).isEqualTo(new HookOutcome.Passed<>(List.of()));
  }

  @Nested
  class AHookThatIsSilent {
    private final CompletableFuture<BeforeTool> pending = new CompletableFuture<>();
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final HookRun<List<ArgumentChange>> run =
        run(
            new Asked(
                "silent",
                _ -> {
                  asked.complete(null);
                  return pending;
                }));

    @Test
    void has_its_whole_time() {
      get(asked);
      time.timePasses(LIMIT.minusMillis(1));
      pending.complete(new BeforeTool.Proceed());

      assertThat(get(run.outcome())).isInstanceOf(HookOutcome.Passed.class);
    }

    @Test
    void breaks_the_run_when_its_time_is_over() {
      get(asked);
      time.timePasses(LIMIT);

      assertThat(get(run.outcome()))
          .isInstanceOfSatisfying(
              HookOutcome.Broke.class,
              broke ->
                  assertThat(broke.failure().message())
                      .startsWith(
                          "the hook 'silent' did not answer within 30000 ms before a call"));
      assertThat(pending).failsWithin(40, TimeUnit.SECONDS);
      assertThat(pending).isCancelled();
    }

    @Test
    void is_told_when_nobody_waits_any_more() {
      get(asked);
      run.cancel();

      assertThat(pending).failsWithin(40, TimeUnit.SECONDS);
      assertThat(pending).isCancelled();
      assertThat(run.outcome().toCompletableFuture()).isNotDone();
    }
  }

  @Nested
  class AHookThatBlocks {
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private final AtomicBoolean nextAsked = new AtomicBoolean();
    private final HookRun<List<ArgumentChange>> run =
        run(
            new Asked(
                "blocking",
                _ -> {
                  asked.complete(null);
                  block(interrupted);
                  return proceed();
                }),
            new Asked(
                "next",
                _ -> {
                  nextAsked.set(true);
                  return proceed();
                }));

    @Test
    void is_interrupted_when_its_time_is_over_and_no_other_hook_is_asked() {
      get(asked);
      time.timePasses(LIMIT);

      assertThat(get(run.outcome())).isInstanceOf(HookOutcome.Broke.class);
      assertThat(get(interrupted)).isTrue();
      assertThat(nextAsked).isFalse();
    }

    @Test
    void is_interrupted_when_nobody_waits_any_more() {
      get(asked);
      run.cancel();

      assertThat(get(interrupted)).isTrue();
    }
  }

  @Test
  void each_hook_has_the_time_for_itself() {
    var first = new CompletableFuture<BeforeTool>();
    var second = new CompletableFuture<BeforeTool>();
    var firstAsked = new CompletableFuture<Void>();
    var secondAsked = new CompletableFuture<Void>();
    HookRun<List<ArgumentChange>> run =
        run(
            new Asked(
                "first",
                _ -> {
                  firstAsked.complete(null);
                  return first;
                }),
            new Asked(
                "second",
                _ -> {
                  secondAsked.complete(null);
                  return second;
                }));
    get(firstAsked);
    time.timePasses(LIMIT.minusMillis(1));
    first.complete(new BeforeTool.Proceed());
    get(secondAsked);
    time.timePasses(LIMIT.minusMillis(1));
    second.complete(new BeforeTool.Veto("no"));

    assertThat(get(run.outcome())).isEqualTo(new HookOutcome.Vetoed<>("no", false));
  }
}
