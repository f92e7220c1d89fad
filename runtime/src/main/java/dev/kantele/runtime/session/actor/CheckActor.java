package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.InvocationId;
import dev.kantele.runtime.hook.ArgumentChange;
import dev.kantele.runtime.hook.HookOutcome;
import dev.kantele.runtime.hook.HookRun;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.ToolCheck;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** Asks the hooks about one tool call, tells the session what they say, and stops. */
final class CheckActor extends AbstractMatchingBehavior<CheckActor.Command> {
  /** Messages understood by a check. */
  sealed interface Command {}

  private record Said(
      @Nullable HookOutcome<List<ArgumentChange>> outcome, @Nullable Throwable failure)
      implements Command {}

  private final InvocationId invocation;
  private final ActorRef<SessionMessage> session;
  private final HookRun<List<ArgumentChange>> run;

  static Behavior<Command> create(
      Supplier<HookRun<List<ArgumentChange>>> hooks,
      InvocationId invocation,
      ActorRef<SessionMessage> session) {
    return Behaviors.setup(context -> new CheckActor(context, hooks.get(), invocation, session));
  }

  private CheckActor(
      ActorContext<Command> context,
      HookRun<List<ArgumentChange>> run,
      InvocationId invocation,
      ActorRef<SessionMessage> session) {
    super(context);
    this.run = run;
    this.invocation = invocation;
    this.session = session;
    context.pipeToSelf(run.outcome(), Said::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Said(var outcome, _) -> {
        session.tell(
            new SessionMessage.Happened(
                new Input.ToolChecked(invocation, check(requireNonNull(outcome, "outcome")))));
        yield Behaviors.stopped();
      }
    };
  }

  private static ToolCheck check(HookOutcome<List<ArgumentChange>> outcome) {
    return switch (outcome) {
      case HookOutcome.Passed(var changes) -> new ToolCheck.Passed(changes);
      case HookOutcome.Vetoed(var reason, _) -> new ToolCheck.Denied(reason);
      case HookOutcome.Broke(var failure) -> new ToolCheck.Broke(failure);
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) throws Exception {
    if (signal instanceof PostStop) {
      run.cancel();
    }
    return super.onSignal(signal);
  }
}
