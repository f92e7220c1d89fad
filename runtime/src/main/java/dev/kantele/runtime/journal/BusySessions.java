package dev.kantele.runtime.journal;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;

/**
 * The node's durable set of sessions with a turn to run, by which they are recovered when the node
 * starts. A session enters before it acknowledges a turn and leaves after the turn's end; so the
 * set may hold too many, never too few.
 *
 * <p>Who enters is answered when that is on disk. What arrives while a write is under way goes into
 * the next one, all of it together; so however many enter at once, each waits for two writes at the
 * most. Leaving waits for the next write or {@link Settings#leaveDelay()}, and a session that
 * enters again before is still in, which costs no write at all.
 *
 * <p>If a write fails, everybody who waits is told so, and the set is read anew, after a pause that
 * grows with each failure in a row. Until then who enters waits, for one attempt at the most.
 */
public final class BusySessions {
  /** What it is told. */
  public sealed interface Command {}

  /** Puts a session into the set. */
  public record Enter(SessionId session, ActorRef<EnterReply> replyTo) implements Command {
    public Enter {
      requireNonNull(session, "session");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** Takes a session out of the set, some time later. */
  public record Leave(SessionId session) implements Command {
    public Leave {
      requireNonNull(session, "session");
    }
  }

  /** Asks for the set; answered when it has been read. */
  public record GetMembers(ActorRef<Members> replyTo) implements Command {
    public GetMembers {
      requireNonNull(replyTo, "replyTo");
    }
  }

  record Recovered(Set<SessionId> members) implements Command {}

  record Unavailable(Throwable cause) implements Command {}

  record Written(long write) implements Command {}

  private record LeaveNow() implements Command {}

  /** Answers {@link Enter}. */
  public sealed interface EnterReply {
    /** The session. */
    SessionId session();
  }

  /** The session is in the set, durably. */
  public record Entered(SessionId session) implements EnterReply {}

  /** The set can't be written now; whether the session is in it is not known. */
  public record EnterFailed(SessionId session) implements EnterReply {}

  /**
   * Answers {@link GetMembers}: those in the set, without those that are about to leave; in the
   * order of their names, so that it is the same in each JVM.
   */
  public record Members(Set<SessionId> sessions) {
    public Members {
      var ordered = new TreeSet<>(Comparator.comparing(SessionId::value));
      ordered.addAll(sessions);
      sessions = Collections.unmodifiableSet(ordered);
    }
  }

  /**
   * How long things take.
   *
   * @param leaveDelay how long leaving may wait for a write that is done anyway
   * @param minBackoff the pause after a first failure
   * @param maxBackoff the longest pause after a failure
   */
  public record Settings(Duration leaveDelay, Duration minBackoff, Duration maxBackoff) {
    /** One second; a fifth of a second to five seconds. */
    public static final Settings DEFAULT =
        new Settings(Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofSeconds(5));
  }

  /** The persistence id of a node that has its journal for itself. */
  public static final PersistenceId ID = PersistenceId.ofUniqueId("node-busy");

  /**
   * Creates the set of a node that has its journal for itself.
   *
   * @param random spreads the pauses after failures
   */
  public static Behavior<Command> create(RandomGenerator random) {
    return create(ID, Settings.DEFAULT, random);
  }

  /** Creates a set with a persistence id of its own, for nodes that share a journal. */
  public static Behavior<Command> create(
      PersistenceId id, Settings settings, RandomGenerator random) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new BusySessions(context, timers, id, settings, random).recovering()));
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Settings settings;
  private final ActorRef<BusyLog.Write> log;

  /** Who is in the set on disk, as of the last confirmed write. */
  private final Set<SessionId> members = new HashSet<>();

  /** What the next write will hold. */
  private BusyChange next = new BusyChange();

  private long writes;

  private BusySessions(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PersistenceId id,
      Settings settings,
      RandomGenerator random) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.log = context.spawn(BusyLog.create(id, settings, random, context.getSelf()), "log");
  }

  private Behavior<Command> recovering() {
    return new Recovering(context);
  }

  /** Writes if somebody waits for it. */
  private Behavior<Command> proceed() {
    next.settle(members).forEach(BusySessions::confirm);
    if (next.isAwaited()) {
      return write();
    }
    if (!next.isEmpty() && !timers.isTimerActive(LeaveNow.class)) {
      timers.startSingleTimer(LeaveNow.class, new LeaveNow(), settings.leaveDelay());
    }
    return new Idle(context);
  }

  private Behavior<Command> write() {
    BusyChange change = next;
    next = new BusyChange();
    timers.cancel(LeaveNow.class);
    writes++;
    log.tell(new BusyLog.Write(writes, change.toEvent()));
    return new Writing(context, writes, change);
  }

  /** Fails everybody who waits; those who want to leave still do. */
  private Behavior<Command> fail(BusyChange lost, Throwable cause) {
    context.getLog().warn("the set of busy sessions can't be read or written", cause);
    BusyChange given = next;
    next = new BusyChange();
    lost.fail(next).forEach(BusySessions::refuse);
    given.fail(next).forEach(BusySessions::refuse);
    return recovering();
  }

  private void answer(GetMembers question) {
    Set<SessionId> staying = new HashSet<>(members);
    staying.removeIf(next::leaves);
    question.replyTo().tell(new Members(staying));
  }

  private static void confirm(Enter enter) {
    enter.replyTo().tell(new Entered(enter.session()));
  }

  private static void refuse(Enter enter) {
    enter.replyTo().tell(new EnterFailed(enter.session()));
  }

  /** The set is being read, or a failure's pause goes by. */
  private final class Recovering extends AbstractBehavior<Command> {
    private final List<GetMembers> questions = new ArrayList<>();

    Recovering(ActorContext<Command> context) {
      super(context);
    }

    @Override
    public Receive<Command> createReceive() {
      return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
      return switch (command) {
        case Enter enter -> wait(enter);
        case Leave(SessionId session) -> leave(session);
        case GetMembers question -> ask(question);
        case Recovered recovered -> recover(recovered);
        case Unavailable(Throwable cause) -> failAgain(cause);
        case Written _, LeaveNow() -> this;
      };
    }

    private Behavior<Command> wait(Enter enter) {
      next.enter(enter);
      return this;
    }

    private Behavior<Command> leave(SessionId session) {
      next.leave(session);
      return this;
    }

    private Behavior<Command> ask(GetMembers question) {
      questions.add(question);
      return this;
    }

    private Behavior<Command> recover(Recovered recovered) {
      members.clear();
      members.addAll(recovered.members());
      Behavior<Command> following = proceed();
      questions.forEach(BusySessions.this::answer);
      return following;
    }

    private Behavior<Command> failAgain(Throwable cause) {
      fail(new BusyChange(), cause);
      return this;
    }
  }

  /** Nobody waits; {@link #next} holds those who want to leave. */
  private final class Idle extends AbstractBehavior<Command> {
    Idle(ActorContext<Command> context) {
      super(context);
    }

    @Override
    public Receive<Command> createReceive() {
      return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
      return switch (command) {
        case Enter enter -> {
          next.enter(enter);
          yield proceed();
        }
        case Leave(SessionId session) -> {
          next.leave(session);
          yield proceed();
        }
        case GetMembers question -> {
          answer(question);
          yield this;
        }
        case LeaveNow() -> next.isEmpty() ? this : write();
        case Unavailable(Throwable cause) -> fail(new BusyChange(), cause);
        case Recovered _, Written _ -> this;
      };
    }
  }

  /** A write is under way. */
  private final class Writing extends AbstractBehavior<Command> {
    private final long write;
    private final BusyChange change;

    Writing(ActorContext<Command> context, long write, BusyChange change) {
      super(context);
      this.write = write;
      this.change = change;
    }

    @Override
    public Receive<Command> createReceive() {
      return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
      return switch (command) {
        case Enter enter -> enter(enter);
        case Leave(SessionId session) -> leave(session);
        case GetMembers question -> ask(question);
        case Written(long confirmed) -> confirmed == write ? written() : this;
        case Unavailable(Throwable cause) -> fail(change, cause);
        case Recovered _, LeaveNow() -> this;
      };
    }

    private Behavior<Command> enter(Enter enter) {
      SessionId session = enter.session();
      if (change.enters(session)) {
        next.stay(session);
        change.enter(enter);
      } else if (members.contains(session) && !change.leaves(session)) {
        next.stay(session);
        confirm(enter);
      } else {
        next.enter(enter);
      }
      return this;
    }

    private Behavior<Command> leave(SessionId session) {
      next.leave(session);
      return this;
    }

    private Behavior<Command> ask(GetMembers question) {
      answer(question);
      return this;
    }

    private Behavior<Command> written() {
      change.applyTo(members);
      change.awaited().forEach(BusySessions::confirm);
      change.leavers().forEach(next::leave);
      return proceed();
    }
  }
}
