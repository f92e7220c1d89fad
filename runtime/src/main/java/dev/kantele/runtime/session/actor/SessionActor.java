package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionCore;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import dev.kantele.runtime.session.actor.SessionMessage.BusyEntered;
import dev.kantele.runtime.session.actor.SessionMessage.ChildAck;
import dev.kantele.runtime.session.actor.SessionMessage.GoOn;
import dev.kantele.runtime.session.actor.SessionMessage.Happened;
import dev.kantele.runtime.session.actor.SessionMessage.IdleTick;
import dev.kantele.runtime.session.actor.SessionMessage.LogErased;
import dev.kantele.runtime.session.actor.SessionMessage.Pull;
import dev.kantele.runtime.session.actor.SessionMessage.RowsRead;
import dev.kantele.runtime.session.actor.SessionMessage.Said;
import dev.kantele.runtime.session.actor.SessionMessage.Snapshotted;
import dev.kantele.runtime.session.actor.SessionMessage.Stop;
import dev.kantele.runtime.session.actor.SessionMessage.Submit;
import dev.kantele.runtime.session.actor.SessionMessage.SubscriberGone;
import dev.kantele.runtime.session.actor.SessionMessage.Wake;
import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

/**
 * A session: the shell around {@link SessionCore}. It writes what the core decides, and only then
 * does what the core wants done.
 *
 * <p>One life goes from a recovery to the next failure of the journal, stop or crash. All that is
 * volatile belongs to one {@link Life} and is made anew at its beginning, because a failed write
 * restarts the behavior inside the same object. In each life {@link GoOn} comes first; everything
 * else waits until its rows are durable. While rows are being written Pekko keeps all messages
 * back.
 */
public final class SessionActor
    extends EventSourcedBehavior<SessionMessage, JournalRecord, SessionState> {
  private static final Duration ERASE_RETRY = Duration.ofSeconds(1);
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);

  private final SessionId session;
  private final ActorContext<SessionMessage> context;
  private final TimerScheduler<SessionMessage> timers;
  private final SessionEnvironment environment;
  private final ActorRef<? super Registry> registry;
  private Life life;

  private enum Phase {
    /** Before the first rows of this life are durable; all else waits. */
    RECOVERING,
    /** Not known to be busy: a prompt has the session entered first. */
    QUIET,
    /** Being entered into the set of busy sessions; all else waits. */
    ENTERING,
    /** In the set of busy sessions: if the node dies, the next one wakes this session. */
    BUSY,
    /** The journal is being erased; there is no session. */
    ERASING
  }

  /** What one life of the session has beside its durable state. */
  private final class Life {
    final SessionLog log = new SessionLog(session, environment.settings().windowBytes());
    final Children children = new Children(session, context, environment);
    final EffectPerformer performer =
        new EffectPerformer(children, timers, SessionActor.this::erase);
    final SessionCore core =
        new SessionCore(
            session,
            environment.catalog(),
            log,
            environment.incarnations().get(),
            environment.logs());
    final Pulls pulls;

    /** The journal's number of the row before the log's first. */
    final long rowOffset;

    Phase phase = Phase.RECOVERING;

    /** The prompt that waits for the session to be entered. */
    @Nullable Submit held;

    Instant idleSince = now();

    /** The row of the latest snapshot, counted within the log. */
    long snapshotRow;

    Life(SessionState state, long rowOffset) {
      this.rowOffset = rowOffset;
      this.snapshotRow = state.index().rows();
      log.restart(state.lastSeq(), state.reserved());
      pulls = new Pulls(session, context, environment.reader(), log, rowOffset);
    }
  }

  /** Creates the session; {@code registry} is told when it would like to stop. */
  public static Behavior<SessionMessage> create(
      SessionId session, SessionEnvironment environment, ActorRef<? super Registry> registry) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new SessionActor(session, context, timers, environment, registry)));
  }

  /** The id under which the session's rows are in the journal. */
  public static PersistenceId persistenceId(SessionId session) {
    return PersistenceId.of("session", session.value());
  }

  private SessionActor(
      SessionId session,
      ActorContext<SessionMessage> context,
      TimerScheduler<SessionMessage> timers,
      SessionEnvironment environment,
      ActorRef<? super Registry> registry) {
    super(
        persistenceId(session),
        SupervisorStrategy.restartWithBackoff(
            Duration.ofMillis(200), Duration.ofSeconds(10), /* randomFactor= */ 0.2));
    this.session = session;
    this.context = context;
    this.timers = timers;
    this.environment = environment;
    this.registry = registry;
    this.life = new Life(SessionState.EMPTY, 0);
  }

  @Override
  public SessionState emptyState() {
    return SessionState.EMPTY;
  }

  @Override
  public EventHandler<SessionState, JournalRecord> eventHandler() {
    return SessionState::apply;
  }

  @Override
  public boolean shouldSnapshot(SessionState state, JournalRecord row, long journalNr) {
    return row.content() instanceof JournalRecord.Visible(var body)
        && body instanceof EventBody.Terminal
        && body instanceof EventBody.OfTurn
        && !(body instanceof EventBody.OfStream || body instanceof EventBody.OfInvocation)
        && state.index().rows() - life.snapshotRow >= environment.settings().snapshotEvery();
  }

  @Override
  public SignalHandler<SessionState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecoveryCompleted)
        .onSignal(JournalPersistFailed.class, (_, _) -> onWriteFailed())
        .onSignal(JournalPersistRejected.class, (_, _) -> onWriteFailed())
        .onSignal(
            SnapshotCompleted.class,
            (_, completed) ->
                context.getSelf().tell(new Snapshotted(completed.metadata().sequenceNr())))
        .onSignal(PostStop.instance(), _ -> refuseAll("the session stopped"))
        .build();
  }

  private void onRecoveryCompleted(SessionState state) {
    life.children.abandonAll();
    life = new Life(state, lastSequenceNumber(context) - state.index().rows());
    context.getSelf().tell(new GoOn());
  }

  private void onWriteFailed() {
    refuseAll("the journal does not accept writes at the moment");
  }

  private void refuseAll(String message) {
    life.performer.refuseAll(ErrorCode.UNAVAILABLE, message);
    if (life.held != null) {
      EffectPerformer.refuse(life.held, ErrorCode.UNAVAILABLE, message);
    }
  }

  @Override
  public CommandHandler<SessionMessage, JournalRecord, SessionState> commandHandler() {
    return (state, message) ->
        switch (life.phase) {
          case RECOVERING -> message instanceof GoOn ? onGoOn(state) : Effect().stash();
          case ENTERING ->
              message instanceof BusyEntered(var entered)
                  ? onEntered(state, entered)
                  : Effect().stash();
          case ERASING -> onMessageWhileErasing(message);
          case QUIET, BUSY -> onMessage(state, message);
        };
  }

  private Effect<JournalRecord, SessionState> onGoOn(SessionState state) {
    timers.startTimerWithFixedDelay(new IdleTick(), environment.settings().releaseAfter());
    if (state.identity().isEmpty() && life.rowOffset > 0) {
      erase();
      return Effect().none().thenUnstashAll();
    }
    life.phase = state.isBusy() ? Phase.BUSY : Phase.QUIET;
    return write(life.core.step(state, new Input.Recovered(), now())).thenUnstashAll();
  }

  private Effect<JournalRecord, SessionState> onMessage(
      SessionState state, SessionMessage message) {
    return switch (message) {
      case Submit submit -> onSubmit(state, submit);
      case Pull pull -> {
        life.pulls.pull(state, pull, now());
        yield Effect().none();
      }
      case Happened(var input) -> {
        life.children.ended(input);
        yield write(life.core.step(state, input, now()));
      }
      case Said(var input, var child) ->
          write(life.core.step(state, input, now())).thenRun(() -> child.tell(new ChildAck()));
      case RowsRead(var pull, var rows) -> {
        life.pulls.rowsRead(state, pull, rows, now());
        yield Effect().none();
      }
      case SubscriberGone(var subscriber) -> {
        life.pulls.gone(subscriber);
        yield Effect().none();
      }
      case Snapshotted(var journalNr) -> onSnapshotted(state, journalNr);
      case IdleTick _ -> onIdleTick(state);
      case Stop _ -> onStop(state);
      case Wake _, GoOn _, BusyEntered _, LogErased _ -> Effect().none();
    };
  }

  private Effect<JournalRecord, SessionState> onSubmit(SessionState state, Submit submit) {
    if (life.phase == Phase.QUIET && submit.command() instanceof Command.Prompt) {
      life.phase = Phase.ENTERING;
      life.held = submit;
      enterBusy();
      return Effect().none();
    }
    return decide(state, submit);
  }

  /* A command that the core can't take must not take the session with it. */
  private EffectBuilder<JournalRecord, SessionState> decide(SessionState state, Submit submit) {
    Step step;
    try {
      step = life.core.step(state, life.performer.commanded(submit), now());
    } catch (RuntimeException e) {
      context.getLog().error("Session {} could not take {}", session, submit.command().id(), e);
      life.performer.refuseAll(ErrorCode.INTERNAL, "the session could not take the command");
      return Effect().none();
    }
    return write(step);
  }

  private EffectBuilder<JournalRecord, SessionState> write(Step step) {
    if (step.rows().isEmpty()) {
      return Effect().none().thenRun(state -> written(state, step));
    }
    return Effect().persist(step.rows()).thenRun(state -> written(state, step));
  }

  private void written(SessionState state, Step step) {
    life.core.committed(step, now());
    life.performer.perform(step.effects(), now());
    life.pulls.serve(state, now());
    life.idleSince = now();
  }

  private void enterBusy() {
    context.ask(
        BusySessions.EnterReply.class,
        environment.busy(),
        BUSY_TIMEOUT,
        replyTo -> new BusySessions.Enter(session, replyTo),
        (reply, failure) ->
            new BusyEntered(failure == null && reply instanceof BusySessions.Entered));
  }

  private Effect<JournalRecord, SessionState> onEntered(SessionState state, boolean entered) {
    Submit submit = life.held;
    life.held = null;
    life.phase = entered ? Phase.BUSY : Phase.QUIET;
    if (submit == null) {
      return Effect().none().thenUnstashAll();
    }
    if (!entered) {
      EffectPerformer.refuse(
          submit, ErrorCode.UNAVAILABLE, "the journal does not accept writes at the moment");
      return Effect().none().thenUnstashAll();
    }
    return decide(state, submit).thenUnstashAll();
  }

  private Effect<JournalRecord, SessionState> onSnapshotted(SessionState state, long journalNr) {
    life.snapshotRow = journalNr - life.rowOffset;
    long lastDropped = life.snapshotRow - environment.settings().keepRows();
    var mark = state.index().markAtOrBefore(lastDropped);
    if (mark.isEmpty() || mark.get().row() < state.index().firstRow()) {
      prune(0, journalNr - 1);
      return Effect().none();
    }
    var horizon = new JournalRecord.HorizonMoved(mark.get().seq() + 1, mark.get().row() + 1);
    return write(life.core.note(state, horizon, now()))
        .thenRun(() -> prune(life.rowOffset + mark.get().row(), journalNr - 1));
  }

  private void prune(long eventsTo, long snapshotsTo) {
    environment
        .pruner()
        .prune(persistenceId(session).id(), eventsTo, snapshotsTo)
        .exceptionally(
            failure -> {
              context.getSystem().log().warn("Old rows of session {} stay", session, failure);
              return null;
            });
  }

  private Effect<JournalRecord, SessionState> onIdleTick(SessionState state) {
    if (state.isBusy() || life.pulls.areWaiting()) {
      life.idleSince = now();
      return Effect().none();
    }
    life.log.release();
    Duration idle = Duration.between(life.idleSince, now());
    if (idle.compareTo(environment.settings().passivateAfter()) >= 0) {
      leaveBusy();
      registry.tell(new Registry.Passivate(session, context.getSelf()));
    }
    return Effect().none();
  }

  private void leaveBusy() {
    if (life.phase == Phase.BUSY) {
      life.phase = Phase.QUIET;
      environment.busy().tell(new BusySessions.Leave(session));
    }
  }

  private Effect<JournalRecord, SessionState> onStop(SessionState state) {
    if (state.isBusy() || life.pulls.areWaiting()) {
      registry.tell(new Registry.StaysOn(session, context.getSelf()));
      return Effect().none();
    }
    return Effect().stop();
  }

  private void erase() {
    life.phase = Phase.ERASING;
    life.pulls.detachAll("session_deleted", "the session was deleted");
    context.pipeToSelf(
        environment.pruner().erase(persistenceId(session).id()),
        (_, failure) -> new LogErased(failure == null));
  }

  private Effect<JournalRecord, SessionState> onMessageWhileErasing(SessionMessage message) {
    return switch (message) {
      case Submit submit -> refuseWhileErasing(submit);
      case Pull pull -> {
        life.pulls.pull(SessionState.EMPTY, pull, now());
        yield Effect().none();
      }
      case LogErased(var erased) -> onErased(erased);
      case Stop _ -> Effect().stop();
      case Wake _ -> {
        erase();
        yield Effect().none();
      }
      case Happened _,
          Said _,
          RowsRead _,
          SubscriberGone _,
          Snapshotted _,
          IdleTick _,
          GoOn _,
          BusyEntered _ ->
          Effect().none();
    };
  }

  private Effect<JournalRecord, SessionState> refuseWhileErasing(Submit submit) {
    if (submit.command() instanceof Command.SessionOpen) {
      EffectPerformer.refuse(
          submit, ErrorCode.UNAVAILABLE, "the session of this name is being deleted; try again");
    } else {
      EffectPerformer.refuse(submit, ErrorCode.SESSION_NOT_FOUND, "there is no session " + session);
    }
    return Effect().none();
  }

  private Effect<JournalRecord, SessionState> onErased(boolean erased) {
    if (erased) {
      environment.busy().tell(new BusySessions.Leave(session));
      registry.tell(new Registry.Passivate(session, context.getSelf()));
    } else {
      context.scheduleOnce(ERASE_RETRY, context.getSelf(), new Wake());
    }
    return Effect().none();
  }

  private Instant now() {
    return environment.clock().instant();
  }
}
