package dev.kantele.runtime.sessions;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.session.actor.SessionMessage.Pull;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The relays of this node, one for each session that has subscribers here. */
final class Relays extends AbstractMatchingBehavior<Relays.Command> {
  /** Messages understood by the relays. */
  sealed interface Command {}

  /** A subscriber's pull. */
  record Ask(SessionId session, Pull pull) implements Command {}

  private record Unused(SessionId session, ActorRef<Relay.Command> relay) implements Command {}

  private final ActorRef<SessionRegistry.Command> registry;
  private final Duration hold;
  private final ActorRef<Relay.Idle> idle;
  private final Map<SessionId, ActorRef<Relay.Command>> relays = new HashMap<>();

  static Behavior<Command> create(ActorRef<SessionRegistry.Command> registry, Duration hold) {
    return Behaviors.setup(context -> new Relays(context, registry, hold));
  }

  private Relays(
      ActorContext<Command> context, ActorRef<SessionRegistry.Command> registry, Duration hold) {
    super(context);
    this.registry = registry;
    this.hold = hold;
    this.idle =
        context.messageAdapter(
            Relay.Idle.class, unused -> new Unused(unused.session(), unused.relay()));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Ask(var session, var pull) -> {
        relays.computeIfAbsent(session, this::start).tell(new Relay.Ask(pull));
        yield this;
      }
      case Unused(var session, var relay) -> {
        if (relays.remove(session, relay)) {
          getContext().stop(relay);
        }
        yield this;
      }
    };
  }

  private ActorRef<Relay.Command> start(SessionId session) {
    return getContext().spawnAnonymous(Relay.create(session, registry, hold, idle));
  }
}
