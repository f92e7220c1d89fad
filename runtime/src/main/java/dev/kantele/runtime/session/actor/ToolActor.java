package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.runtime.hook.HookOutcome;
import dev.kantele.runtime.hook.HookRun;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.session.actor.SessionMessage.ChildAck;
import dev.kantele.runtime.surroundings.Threads;
import dev.kantele.runtime.tool.Reconciliation;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolRun;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a tool call: it runs the tool, hands on what it reports, holds it to its time
 * limit, and reports one outcome. Blocking work is the tool's own affair, on its own thread; this
 * actor never waits.
 */
final class ToolActor extends AbstractMatchingBehavior<ToolActor.Command> {
  /** How long a tool that ran out of time may take to say whether it stopped cleanly. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(1);

  /** Messages understood by a tool call. */
  sealed interface Command {}

  /** Stops the tool and reports so. */
  record Stop() implements Command {}

  private record OutputWaits() implements Command {}

  private record Taken() implements Command {}

  private record Ended(@Nullable JsonNode output, @Nullable Throwable failure) implements Command {}

  private record Reconciled(@Nullable Reconciliation answer, @Nullable Throwable failure)
      implements Command {}

  private record Checked(@Nullable HookOutcome<ToolResult> said, @Nullable Throwable failure)
      implements Command {}

  private record Stopped(boolean undone) implements Command {}

  private record OutOfTime() implements Command {}

  private record OutOfGrace() implements Command {}

  /** Asks the hooks about a result; null where there are none. */
  @FunctionalInterface
  interface ResultHooks {
    @Nullable HookRun<ToolResult> ask(ToolResult result);
  }

  private final ToolCall call;
  private final ActorRef<SessionMessage> session;
  private final ActorRef<ChildAck> acks;
  private final TimerScheduler<Command> timers;
  private final OutputBuffer output;
  private final boolean reconciling;
  private final Threads threads;
  private final ResultHooks hooks;
  private final @Nullable ToolRun run;
  private @Nullable Function<Boolean, ToolOutcome> stopping;
  private @Nullable ToolOutcome outcome;

  /** The hooks that are asked about the result of a tool that has ended. */
  private @Nullable HookRun<ToolResult> check;

  private boolean unacknowledged;

  /**
   * Creates a run of {@code tool}, or, with {@code reconcile}, a question what became of an earlier
   * one.
   */
  static Behavior<Command> create(
      Tool tool,
      ToolCall call,
      boolean reconcile,
      Threads threads,
      ResultHooks hooks,
      ActorRef<SessionMessage> session) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new ToolActor(
                        context, timers, tool, call, reconcile, threads, hooks, session)));
  }

  private ToolActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Tool tool,
      ToolCall call,
      boolean reconcile,
      Threads threads,
      ResultHooks hooks,
      ActorRef<SessionMessage> session) {
    super(context);
    this.call = call;
    this.threads = threads;
    this.hooks = hooks;
    this.session = session;
    this.timers = timers;
    this.acks = context.messageAdapter(ChildAck.class, _ -> new Taken());
    ActorRef<Command> self = context.getSelf();
    this.output = new OutputBuffer(() -> self.tell(new OutputWaits()));
    timers.startSingleTimer(new OutOfTime(), tool.spec().timeout());
    this.reconciling = reconcile;
    this.run = reconcile ? reconcile(tool) : start(tool);
  }

  /* Whatever a tool throws ends its call; for some errors, such as a missing class, Pekko would end the process. */
  private @Nullable ToolRun start(Tool tool) {
    ToolRun started = null;
    try {
      started = tool.start(call, output, threads);
      getContext().pipeToSelf(started.result(), Ended::new);
    } catch (Throwable e) {
      getContext().getSelf().tell(new Ended(null, e));
    }
    return started;
  }

  private @Nullable ToolRun reconcile(Tool tool) {
    try {
      getContext().pipeToSelf(tool.reconcile(call), Reconciled::new);
    } catch (Throwable e) {
      getContext().getSelf().tell(new Reconciled(null, e));
    }
    return null;
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return check == null || outcome != null ? onMessageInRun(command) : onMessageInCheck(command);
  }

  private Behavior<Command> onMessageInRun(Command command) {
    return switch (command) {
      case OutputWaits _ -> onOutput();
      case Taken _ -> onTaken();
      case Ended(var result, var failure) -> onEnded(result, failure);
      case Reconciled(var answer, var failure) -> end(outcome(answer, failure));
      case Checked _ -> this;
      case Stop _ -> stop(ToolOutcome.Stopped::new);
      case Stopped(var undone) -> stopping == null ? this : end(stopping.apply(undone));
      case OutOfTime _ -> onOutOfTime();
      case OutOfGrace _ -> end(new ToolOutcome.TimedOut(/* undone= */ false));
    };
  }

  /* The tool has ended: only its hooks are waited for, which have their own time limit. */
  private Behavior<Command> onMessageInCheck(Command command) {
    return switch (command) {
      case OutputWaits _ -> onOutput();
      case Taken _ -> onTaken();
      case Checked(var said, _) -> settle(outcome(requireNonNull(said, "said")));
      case Stop _ -> {
        cancelCheck();
        yield settle(new ToolOutcome.Stopped(/* undone= */ false));
      }
      case Ended _, Reconciled _, Stopped _, OutOfTime _, OutOfGrace _ -> this;
    };
  }

  /** What a call ends with, by what the hooks say of its result. */
  static ToolOutcome outcome(HookOutcome<ToolResult> said) {
    return switch (said) {
      case HookOutcome.Passed(ToolResult.Output(var value)) -> new ToolOutcome.Completed(value);
      case HookOutcome.Passed(ToolResult.Failed(var failure)) -> new ToolOutcome.Failed(failure);
      case HookOutcome.Vetoed<ToolResult> veto -> new ToolOutcome.Failed(veto.failure());
      case HookOutcome.Broke(var failure) -> new ToolOutcome.HookBroke(failure);
    };
  }

  private void cancelCheck() {
    if (check != null) {
      check.cancel();
    }
  }

  private Behavior<Command> onOutput() {
    if (!unacknowledged && outcome == null) {
      send();
    }
    return this;
  }

  private void send() {
    OutputBuffer.Taken taken = output.take();
    if (taken != null) {
      unacknowledged = true;
      session.tell(
          new SessionMessage.Said(
              new Input.ToolSaid(
                  call.invocation(), call.attempt(), taken.chunk(), taken.progress()),
              acks));
    }
  }

  private Behavior<Command> onTaken() {
    unacknowledged = false;
    send();
    return unacknowledged || outcome == null ? this : report(outcome);
  }

  /* A tool that was asked to stop and ended by failing has stopped; whether cleanly, its cancel says. */
  private Behavior<Command> onEnded(@Nullable JsonNode result, @Nullable Throwable failure) {
    if (result != null) {
      return end(new ToolOutcome.Completed(result));
    }
    if (stopping != null) {
      return this;
    }
    return end(
        new ToolOutcome.Failed(
            failure == null
                ? new Failure("tool_failed", "the tool ended without output", false)
                : failure(failure)));
  }

  private Behavior<Command> onOutOfTime() {
    timers.startSingleTimer(new OutOfGrace(), STOP_GRACE);
    return stop(ToolOutcome.TimedOut::new);
  }

  private Behavior<Command> stop(Function<Boolean, ToolOutcome> meaning) {
    if (stopping != null || outcome != null) {
      return this;
    }
    if (reconciling) {
      return end(new ToolOutcome.Unknown("the tool was stopped before it could tell"));
    }
    stopping = meaning;
    if (run == null) {
      return end(meaning.apply(false));
    }
    getContext()
        .pipeToSelf(
            cancel(run),
            (undone, failure) -> new Stopped(failure == null && undone != null && undone));
    return this;
  }

  private static CompletionStage<Boolean> cancel(ToolRun run) {
    try {
      return requireNonNull(run.cancel(), "cancel");
    } catch (Throwable e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private Behavior<Command> end(ToolOutcome end) {
    if (outcome != null) {
      return this;
    }
    check =
        switch (end) {
          case ToolOutcome.Completed(var result) -> hooks.ask(new ToolResult.Output(result));
          case ToolOutcome.Failed(var failure) -> hooks.ask(new ToolResult.Failed(failure));
          case ToolOutcome.TimedOut _,
              ToolOutcome.Stopped _,
              ToolOutcome.Lost _,
              ToolOutcome.NotDone _,
              ToolOutcome.Unknown _,
              ToolOutcome.HookBroke _ ->
              null;
        };
    if (check == null) {
      return settle(end);
    }
    output.close();
    getContext().pipeToSelf(check.outcome(), Checked::new);
    return this;
  }

  /* What the tool reported before it ended goes into the log first. */
  private Behavior<Command> settle(ToolOutcome end) {
    outcome = end;
    output.close();
    if (!unacknowledged) {
      send();
    }
    return unacknowledged ? this : report(end);
  }

  private Behavior<Command> report(ToolOutcome end) {
    session.tell(
        new SessionMessage.Happened(new Input.ToolEnded(call.invocation(), call.attempt(), end)));
    return Behaviors.stopped();
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) throws Exception {
    if (signal instanceof PostStop) {
      output.close();
      cancelCheck();
      if (run != null && outcome == null && stopping == null && check == null) {
        cancel(run);
      }
    }
    return super.onSignal(signal);
  }

  private ToolOutcome outcome(@Nullable Reconciliation answer, @Nullable Throwable failure) {
    if (answer == null) {
      getContext()
          .getLog()
          .warn("Tool call {} could not be reconciled", call.invocation(), failure);
      return new ToolOutcome.Unknown("the tool could not tell what became of it");
    }
    return switch (answer) {
      case Reconciliation.Done(var result) -> new ToolOutcome.Completed(result);
      case Reconciliation.NotDone _ -> new ToolOutcome.NotDone();
      case Reconciliation.Unknown(var reason) -> new ToolOutcome.Unknown(reason);
    };
  }

  private Failure failure(Throwable cause) {
    Throwable root =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    if (root instanceof ToolException expected) {
      return expected.failure();
    }
    getContext().getLog().warn("Tool call {} failed", call.invocation(), root);
    return new Failure(
        "tool_failed", "the tool failed; the node's log says why", /* retryable= */ false);
  }
}
