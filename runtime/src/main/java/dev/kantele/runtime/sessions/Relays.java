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

  private record Unused(Relay.Idle relay) implements Command {}

  private static final class Entry {
    final ActorRef<Relay.Command> relay;

    /** How often the relay was asked. */
    long asked;

    Entry(ActorRef<Relay.Command> relay) {
      this.relay = relay;
    }
  }

  private final ActorRef<SessionRegistry.Command> registry;
  private final Duration hold;
  private final ActorRef<Relay.Idle> idle;
  private final Map<SessionId, Entry> relays = new HashMap<>();

  static Behavior<Command> create(ActorRef<SessionRegistry.Command> registry, Duration hold) {
    return Behaviors.setup(context -> new Relays(context, registry, hold));
  }

  private Relays(
      ActorContext<Command> context, ActorRef<SessionRegistry.Command> registry, Duration hold) {
    super(context);
    this.registry = registry;
    this.hold = hold;
    this.idle = context.messageAdapter(Relay.Idle.class, Unused::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Ask(var session, var pull) -> {
        Entry entry = relays.computeIfAbsent(session, this::start);
        entry.asked++;
        entry.relay.tell(new Relay.Ask(pull));
        yield this;
      }
      case Unused(var unused) -> {
        stop(unused);
        yield this;
      }
    };
  }

  private Entry start(SessionId session) {
    return new Entry(getContext().spawnAnonymous(Relay.create(session, registry, hold, idle)));
  }

  /* Unless another pull is on its way to it. */
  private void stop(Relay.Idle unused) {
    Entry entry = relays.get(unused.session());
    if (entry != null && entry.relay.equals(unused.relay()) && entry.asked == unused.asked()) {
      relays.remove(unused.session());
      getContext().stop(unused.relay());
    }
  }
}
