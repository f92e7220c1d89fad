package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.hook.HookOutcome;
import dev.kantele.runtime.hook.HookRun;
import dev.kantele.runtime.session.Input;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** Asks the hooks about one tool call or its result, tells the session what they say, and stops. */
final class CheckActor<T> extends AbstractMatchingBehavior<CheckActor.Command> {
  /** Messages understood by a check. */
  sealed interface Command {}

  private record Said(@Nullable Input said, @Nullable Throwable failure) implements Command {}

  private final ActorRef<SessionMessage> session;
  private final HookRun<T> run;

  /** Creates a check; {@code input} makes of what the hooks say what the session is told. */
  static <T> Behavior<Command> create(
      Supplier<HookRun<T>> hooks,
      Function<HookOutcome<T>, Input> input,
      ActorRef<SessionMessage> session) {
    return Behaviors.setup(context -> new CheckActor<>(context, hooks.get(), input, session));
  }

  private CheckActor(
      ActorContext<Command> context,
      HookRun<T> run,
      Function<HookOutcome<T>, Input> input,
      ActorRef<SessionMessage> session) {
    super(context);
    this.run = run;
    this.session = session;
    context.pipeToSelf(run.outcome().thenApply(input), Said::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Said(var said, _) -> {
        session.tell(new SessionMessage.Happened(requireNonNull(said, "said")));
        yield Behaviors.stopped();
      }
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
