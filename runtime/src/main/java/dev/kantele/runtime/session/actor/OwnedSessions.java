package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Which sessions each principal owns, and whether it may own one more. The journal knows that; it
 * is read when a principal opens a session, and what was read is kept for as long as it goes on
 * opening some. Each session asks before it writes its first row, and tells when its last is gone,
 * so that the number is exact on a node that has its journal for itself.
 */
public final class OwnedSessions extends AbstractMatchingBehavior<OwnedSessions.Command> {
  /** A principal that opened nothing for one to two of these is forgotten. */
  private static final Duration KEEP = Duration.ofMinutes(1);

  /** What it is told. */
  public sealed interface Command {}

  /** Asks whether {@code principal} may own {@code session}, which nobody owns yet. */
  record Open(String principal, SessionId session, ActorRef<Answer> replyTo) implements Command {}

  /** Nobody owns {@code session} any more, or nobody came to own it after all. */
  record Gone(SessionId session) implements Command {}

  private record Listed(String principal, Set<SessionId> sessions) implements Command {}

  private record NotListed(String principal, Throwable cause) implements Command {}

  private record Forget() implements Command {}

  /** Answers {@link Open}. */
  sealed interface Answer {}

  /** The session is the principal's. */
  record Granted() implements Answer {}

  /** The principal owns {@code owned} sessions, as many as the {@code limit} or more. */
  record Full(int owned, int limit) implements Answer {}

  /** The journal can't be read at the moment. */
  record NotKnown() implements Answer {}

  /** What is known of one principal. */
  private static final class Owner {
    final Set<SessionId> sessions = new HashSet<>();

    /** What came while the journal is read, in order; null while it is not. */
    Optional<List<Command>> kept = Optional.empty();

    boolean used = true;
  }

  private final LogReader reader;
  private final int limit;
  private final Map<String, Owner> owners = new HashMap<>();

  /**
   * Creates it; there is one on a node.
   *
   * @param limit how many sessions a principal may own, 1 or more
   */
  public static Behavior<Command> create(LogReader reader, int limit) {
    requireNonNull(reader, "reader");
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new OwnedSessions(context, timers, reader, limit)));
  }

  private OwnedSessions(
      ActorContext<Command> context, TimerScheduler<Command> timers, LogReader reader, int limit) {
    super(context);
    this.reader = reader;
    this.limit = limit;
    timers.startTimerWithFixedDelay(new Forget(), KEEP);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Open open -> open(open);
      case Gone gone -> owners.values().forEach(owner -> gone(owner, gone));
      case Listed(var principal, var sessions) -> listed(principal, sessions);
      case NotListed(var principal, var cause) -> notListed(principal, cause);
      case Forget _ -> forget();
    }
    return this;
  }

  private void open(Open open) {
    Owner owner = owners.get(open.principal());
    if (owner == null) {
      owner = new Owner();
      owners.put(open.principal(), owner);
      read(open.principal(), owner);
    }
    decide(owner, open);
  }

  private void decide(Owner owner, Open open) {
    owner.used = true;
    if (owner.kept.isPresent()) {
      owner.kept.get().add(open);
    } else if (owner.sessions.contains(open.session()) || owner.sessions.size() < limit) {
      owner.sessions.add(open.session());
      open.replyTo().tell(new Granted());
    } else {
      open.replyTo().tell(new Full(owner.sessions.size(), limit));
    }
  }

  private static void gone(Owner owner, Gone gone) {
    if (owner.kept.isPresent()) {
      owner.kept.get().add(gone);
    } else {
      owner.sessions.remove(gone.session());
    }
  }

  private void read(String principal, Owner owner) {
    owner.kept = Optional.of(new ArrayList<>());
    getContext()
        .pipeToSelf(
            reader.sessionsOf(principal, Optional.empty(), Integer.MAX_VALUE),
            (sessions, failure) ->
                sessions == null
                    ? new NotListed(principal, requireNonNull(failure, "failure"))
                    : new Listed(principal, Set.copyOf(sessions)));
  }

  private void listed(String principal, Set<SessionId> sessions) {
    Owner owner = requireNonNull(owners.get(principal), principal);
    List<Command> kept = owner.kept.orElseThrow();
    owner.kept = Optional.empty();
    owner.sessions.addAll(sessions);
    for (Command command : kept) {
      if (command instanceof Gone gone) {
        gone(owner, gone);
      } else if (command instanceof Open open) {
        decide(owner, open);
      }
    }
  }

  private void notListed(String principal, Throwable cause) {
    getContext().getLog().warn("The sessions of {} can't be listed", principal, cause);
    Owner owner = requireNonNull(owners.remove(principal), principal);
    for (Command command : owner.kept.orElseThrow()) {
      if (command instanceof Open open) {
        open.replyTo().tell(new NotKnown());
      }
    }
  }

  private void forget() {
    owners.values().removeIf(owner -> owner.kept.isEmpty() && !owner.used);
    owners.values().forEach(owner -> owner.used = false);
  }
}
