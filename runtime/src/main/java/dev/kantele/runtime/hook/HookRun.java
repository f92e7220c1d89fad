package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Failure;
import dev.kantele.runtime.surroundings.Surroundings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hooks being asked, one after the other, on a thread of their own. Thread-safe. The time limits
 * are those of the actor system's scheduler.
 */
public final class HookRun<T> {
  private static final Logger LOG = LoggerFactory.getLogger(HookRun.class);

  /** The code of the turn's failure. */
  public static final String CODE = "hook_failed";

  private static final Failure UNWANTED =
      new Failure(CODE, "nobody waits for the hooks any more", /* retryable= */ false);

  private final Duration limit;
  private final Surroundings surroundings;
  private final ActorSystem<?> system;
  private final Chain<T> chain;
  private final CompletableFuture<HookOutcome<T>> outcome = new CompletableFuture<>();
  private final Thread thread;

  /** Whether the outcome is known, or wanted no more. */
  private final AtomicBoolean over = new AtomicBoolean();

  /** Asks the hooks in turn, each by {@link #ask}. */
  interface Chain<T> {
    HookOutcome<T> run(HookRun<T> run) throws HookFailedException;
  }

  private HookRun(
      Duration limit, Surroundings surroundings, ActorSystem<?> system, Chain<T> chain) {
    this.limit = limit;
    this.surroundings = surroundings;
    this.system = system;
    this.chain = chain;
    this.thread = surroundings.threads().unstarted("hooks", this::run);
  }

  static <T> HookRun<T> start(
      Duration limit, Surroundings surroundings, ActorSystem<?> system, Chain<T> chain) {
    var run = new HookRun<>(limit, surroundings, system, chain);
    run.thread.start();
    return run;
  }

  /** What the hooks say. It does not fail; once the run is cancelled it does not complete. */
  public CompletionStage<HookOutcome<T>> outcome() {
    return outcome.minimalCompletionStage();
  }

  /** Waits no longer for the hooks; no further one is asked. */
  public void cancel() {
    if (over.compareAndSet(false, true)) {
      surroundings.threads().interrupt(thread);
    }
  }

  /* Whatever a hook throws ends its turn; a swallowed error would leave the turn open for good. */
  private void run() {
    HookOutcome<T> end;
    try {
      end = chain.run(this);
    } catch (HookFailedException e) {
      end = new HookOutcome.Broke<>(e.failure());
    } catch (Throwable e) {
      end = new HookOutcome.Broke<>(failure("the hooks could not be asked", e));
    }
    end(end);
  }

  private void end(HookOutcome<T> end) {
    if (over.compareAndSet(false, true)) {
      outcome.complete(end);
    }
  }

  /** Puts one question to {@code hook}; {@code when} says when, as in "before a model call". */
  <A> A ask(Hook hook, String when, Supplier<CompletionStage<A>> question)
      throws HookFailedException {
    Cancellable timer =
        system
            .scheduler()
            .scheduleOnce(limit, () -> outOfTime(hook, when), system.executionContext());
    try {
      return answer(question);
    } catch (Throwable e) {
      throw over.get()
          ? new HookFailedException(UNWANTED)
          : new HookFailedException(failure(sentence(hook, "failed", when), cause(e)));
    } finally {
      timer.cancel();
    }
  }

  private <A> A answer(Supplier<CompletionStage<A>> question)
      throws ExecutionException, InterruptedException {
    if (over.get()) {
      throw new InterruptedException("nobody waits for the hooks");
    }
    CompletableFuture<A> answer = requireNonNull(question.get(), "stage").toCompletableFuture();
    try {
      return requireNonNull(answer.get(), "answer");
    } finally {
      answer.cancel(/* mayInterruptIfRunning= */ true);
    }
  }

  private void outOfTime(Hook hook, String when) {
    if (over.compareAndSet(false, true)) {
      String what = sentence(hook, "did not answer within " + limit.toMillis() + " ms", when);
      outcome.complete(new HookOutcome.Broke<>(failure(what, null)));
      surroundings.threads().interrupt(thread);
    }
  }

  private static String sentence(Hook hook, String what, String when) {
    return "the hook '" + hook.name() + "' " + what + " " + when;
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof ExecutionException && cause != null ? cause : failure;
  }

  /* What was thrown is for the log; the id leads there. */
  private Failure failure(String what, @Nullable Throwable cause) {
    String id = surroundings.newName(4);
    LOG.error("A turn ends, since {} (error {}).", what, id, cause);
    return new Failure(CODE, what + " (error " + id + ")", /* retryable= */ false);
  }
}
