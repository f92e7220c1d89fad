package dev.kantele.runtime.sessions;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.session.actor.Registry;
import dev.kantele.runtime.session.actor.SessionActor;
import dev.kantele.runtime.session.actor.SessionEnvironment;
import dev.kantele.runtime.session.actor.SessionMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this JVM: starts each when a message comes for it, and lets it stop when it is
 * idle without losing a message. While a session stops, what comes for it is kept, up to {@value
 * #MAX_KEPT} messages; whoever sent more hears nothing and asks again.
 */
final class SessionRegistry extends AbstractMatchingBehavior<SessionRegistry.Command> {
  private static final int MAX_KEPT = 1_000;

  /** Messages understood by the registry. */
  sealed interface Command {}

  /** Hands {@code message} to {@code session}. */
  record Deliver(SessionId session, SessionMessage message) implements Command {}

  private record FromSession(Registry message) implements Command {}

  private record Stopped(SessionId session, ActorRef<SessionMessage> ref) implements Command {}

  private static final class Entry {
    final ActorRef<SessionMessage> ref;

    /** Messages that wait because the session is stopping; null while it is not. */
    @Nullable List<SessionMessage> kept;

    Entry(ActorRef<SessionMessage> ref) {
      this.ref = ref;
    }
  }

  private final SessionEnvironment environment;
  private final ActorRef<Registry> self;
  private final Map<SessionId, Entry> entries = new HashMap<>();
  private long lives;

  static Behavior<Command> create(SessionEnvironment environment) {
    return Behaviors.setup(context -> new SessionRegistry(context, environment));
  }

  private SessionRegistry(ActorContext<Command> context, SessionEnvironment environment) {
    super(context);
    this.environment = requireNonNull(environment, "environment");
    this.self = context.messageAdapter(Registry.class, FromSession::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Deliver(var session, var message) -> deliver(session, message);
      case FromSession(Registry.Passivate(var session, var ref)) -> passivate(session, ref);
      case FromSession(Registry.StaysOn(var session, var ref)) -> staysOn(session, ref);
      case Stopped(var session, var ref) -> stopped(session, ref);
    };
  }

  private Behavior<Command> deliver(SessionId session, SessionMessage message) {
    Entry entry = entries.computeIfAbsent(session, this::start);
    if (entry.kept == null) {
      entry.ref.tell(message);
    } else if (entry.kept.size() < MAX_KEPT) {
      entry.kept.add(message);
    } else {
      getContext()
          .getLog()
          .warn("Session {} stops and {} messages wait; one more is dropped", session, MAX_KEPT);
    }
    return this;
  }

  private Entry start(SessionId session) {
    ActorRef<SessionMessage> ref =
        getContext()
            .spawn(SessionActor.create(session, environment, self), session + "-" + ++lives);
    getContext().watchWith(ref, new Stopped(session, ref));
    return new Entry(ref);
  }

  private Behavior<Command> passivate(SessionId session, ActorRef<SessionMessage> ref) {
    Entry entry = entries.get(session);
    if (entry != null && entry.ref.equals(ref) && entry.kept == null) {
      entry.kept = new ArrayList<>();
      ref.tell(new SessionMessage.Stop());
    }
    return this;
  }

  private Behavior<Command> staysOn(SessionId session, ActorRef<SessionMessage> ref) {
    Entry entry = entries.get(session);
    if (entry != null && entry.ref.equals(ref) && entry.kept != null) {
      List<SessionMessage> kept = entry.kept;
      entry.kept = null;
      kept.forEach(ref::tell);
    }
    return this;
  }

  private Behavior<Command> stopped(SessionId session, ActorRef<SessionMessage> ref) {
    Entry entry = entries.get(session);
    if (entry == null || !entry.ref.equals(ref)) {
      return this;
    }
    entries.remove(session);
    if (entry.kept != null) {
      entry.kept.forEach(message -> deliver(session, message));
    }
    return this;
  }
}
