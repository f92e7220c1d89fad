package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.HorizonMoved;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionCore;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import dev.kantele.runtime.session.actor.SessionMessage.Admitted;
import dev.kantele.runtime.session.actor.SessionMessage.ChildAck;
import dev.kantele.runtime.session.actor.SessionMessage.EraseAgain;
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
import dev.kantele.runtime.surroundings.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.internal.JournalFailureException;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * A session: the shell around {@link SessionCore}. It writes what the core decides, and only then
 * does what the core wants done.
 *
 * <p>One life goes from a recovery to the next failure of the journal, stop or crash; or to the
 * erasure of its log. All that is volatile belongs to one {@link Life} and is made anew at its
 * beginning, because a failed write restarts the behavior inside the same object. In each life
 * {@link GoOn} comes first; everything else waits until its rows are durable. While rows are being
 * written Pekko keeps all messages back.
 *
 * <p>Whatever goes wrong, the actor recovers by itself, after a pause that grows with each failure
 * in a row. Who waited for an answer is told {@code unavailable}.
 */
public final class SessionActor
    extends EventSourcedBehavior<SessionMessage, JournalRecord, SessionState> {
  private static final Duration ERASE_RETRY = Duration.ofSeconds(1);
  private static final Duration MIN_BACKOFF = Duration.ofMillis(200);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(10);

  private final SessionId session;
  private final ActorContext<SessionMessage> context;
  private final TimerScheduler<SessionMessage> timers;
  private final SessionEnvironment environment;
  private final ActorRef<? super Registry> registry;
  private final TurnCount turns;
  private int lives;
  private Life life;

  private enum Phase {
    /** Before the first rows of this life are durable; all else waits. */
    RECOVERING,
    /** Not known to be busy: a command that leaves work has the session entered first. */
    QUIET,
    /** The node is asked whether the principal may own one more session; commands wait. */
    OPENING,
    /** Being entered into the set of busy sessions; commands wait. */
    ENTERING,
    /** In the set of busy sessions: if the node dies, the next one wakes this session. */
    BUSY,
    /** The journal is being erased: there is no session, and whoever opens one waits. */
    ERASING
  }

  /** What one life of the session has beside its durable state. */
  private final class Life {
    final int number = ++lives;
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
    final Admission admission = new Admission(number, session, context, environment);
    final Pulls pulls;
    final Retention retention;

    /** The journal's number of the row before the log's first. */
    final long rowOffset;

    Phase phase = Phase.RECOVERING;

    /** Whether the principal that opens the session may own it. */
    boolean owned;

    Instant idleSince = now();

    /** Whether the session has asked to be stopped. */
    boolean stopWanted;

    Life(SessionState state, long rowOffset) {
      this.rowOffset = rowOffset;
      this.retention = new Retention(session, context.getSystem(), environment, state, rowOffset);
      log.restart(state.lastSeq(), state.reserved());
      pulls = new Pulls(number, session, context, environment.reader(), log, rowOffset);
    }
  }

  /** Creates the session; {@code registry} is told when it would like to stop. */
  public static Behavior<SessionMessage> create(
      SessionId session, SessionEnvironment environment, ActorRef<? super Registry> registry) {
    BackoffSupervisorStrategy restart =
        Backoff.spread(MIN_BACKOFF, MAX_BACKOFF, environment.surroundings().random());
    Behavior<SessionMessage> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers ->
                        new SessionActor(
                            session, context, timers, environment, restart, registry)));
    /* Pekko sees to failed writes, and keeps what waits for the next life; this is for the rest. */
    return LateAnswers.dropped(Behaviors.supervise(behavior).onFailure(Throwable.class, restart));
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
      BackoffSupervisorStrategy restart,
      ActorRef<? super Registry> registry) {
    super(persistenceId(session), restart);
    this.session = session;
    this.context = context;
    this.timers = timers;
    this.environment = environment;
    this.registry = registry;
    this.turns = new TurnCount(session, environment.turns());
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
  public Set<String> tagsFor(JournalRecord row) {
    return life.retention.tagsOf(row);
  }

  @Override
  public boolean shouldSnapshot(SessionState state, JournalRecord row, long journalNr) {
    return life.retention.wantsSnapshot(state, row);
  }

  @Override
  public SignalHandler<SessionState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecoveryCompleted)
        .onSignal(JournalPersistFailed.class, (_, _) -> onWriteFailed())
        .onSignal(JournalPersistRejected.class, (_, rejected) -> onWriteRejected(rejected))
        .onSignal(
            SnapshotCompleted.class,
            (_, completed) ->
                context.getSelf().tell(new Snapshotted(completed.metadata().sequenceNr())))
        .onSignal(PreRestart.instance(), _ -> endLife("the session starts again"))
        .onSignal(PostStop.instance(), _ -> onStopped())
        .build();
  }

  private void onRecoveryCompleted(SessionState state) {
    life.children.abandonAll();
    life = new Life(state, lastSequenceNumber(context) - state.index().rows());
    context.getSelf().tell(new GoOn());
  }

  private void onWriteFailed() {
    endLife("the journal does not accept writes at the moment");
  }

  /* Pekko would stop the session, and drop what waits; a failure it restarts from, and keeps that. */
  private void onWriteRejected(JournalPersistRejected rejected) {
    onWriteFailed();
    throw new JournalFailureException("The journal rejected a row", rejected.failure());
  }

  private void onStopped() {
    endLife("the session stopped");
    turns.update(SessionState.EMPTY);
  }

  private void endLife(String message) {
    life.performer.refuseAll(ErrorCode.UNAVAILABLE, message);
    life.pulls.askAgain();
  }

  @Override
  public CommandHandler<SessionMessage, JournalRecord, SessionState> commandHandler() {
    return (state, message) ->
        switch (life.phase) {
          case RECOVERING -> message instanceof GoOn ? onGoOn(state) : Effect().stash();
          case ERASING -> onMessageWhileErasing(message);
          case QUIET, OPENING, ENTERING, BUSY -> onMessage(state, message);
        };
  }

  private Effect<JournalRecord, SessionState> onGoOn(SessionState state) {
    timers.startTimerWithFixedDelay(new IdleTick(), environment.settings().releaseAfter());
    registry.tell(new Registry.StaysOn(session, context.getSelf()));
    if (state.identity().isEmpty() && life.rowOffset > 0) {
      erase();
      return Effect().none().thenUnstashAll();
    }
    life.phase = Phase.BUSY;
    if (!state.isBusy()) {
      leaveBusy();
    }
    if (state.identity().isEmpty()) {
      life.admission.nobodyOwns();
    }
    return write(life.core.step(state, new Input.Recovered(), now())).thenUnstashAll();
  }

  private Effect<JournalRecord, SessionState> onMessage(
      SessionState state, SessionMessage message) {
    return switch (message) {
      case Submit submit ->
          awaitsAdmission() ? Effect().stash() : decide(state, life.performer.commanded(submit));
      case Admitted(var number, var refusal) ->
          number == life.number ? onAdmitted(state, refusal) : Effect().none();
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
      case RowsRead read -> {
        onRowsRead(state, read);
        yield Effect().none();
      }
      case SubscriberGone(var subscriber) -> {
        life.pulls.gone(subscriber);
        yield Effect().none();
      }
      case Snapshotted(var journalNr) -> onSnapshotted(state, journalNr);
      case IdleTick _ -> onIdleTick(state);
      case Stop _ -> onStop(state);
      case Wake _, GoOn _, LogErased _, EraseAgain _ -> Effect().none();
    };
  }

  private EffectBuilder<JournalRecord, SessionState> decide(
      SessionState state, Input.Commanded commanded) {
    Step step;
    try {
      step = life.core.step(state, commanded, now());
    } catch (RuntimeException e) {
      /* A command that the core can't take must not take the session with it. */
      context.getLog().error("Session {} can't take {}", session, commanded.command().id(), e);
      life.performer.refuse(
          commanded, ErrorCode.INTERNAL, "the session could not take the command");
      return Effect().none();
    }
    if (!turns.begin(step)) {
      life.performer.refuse(
          commanded, ErrorCode.UNAVAILABLE, "the node is about to stop and takes no more turns");
      turns.update(state);
      return Effect().none();
    }
    if (!life.owned && Admission.opens(step)) {
      life.phase = Phase.OPENING;
      life.admission.awaitOwner(commanded);
      return Effect().none();
    }
    if (life.phase == Phase.QUIET && Admission.leavesWork(step)) {
      life.phase = Phase.ENTERING;
      life.admission.awaitBusy(commanded);
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
    /* Before the effects, so that who waits sees the end of a log that is erased. */
    life.pulls.serve(state, now());
    life.performer.perform(step.effects(), now());
    life.idleSince = now();
    turns.update(state);
  }

  /* Pulls went on meanwhile, but no command did: what was decided for this one is decided again. */
  private Effect<JournalRecord, SessionState> onAdmitted(
      SessionState state, Optional<WireError> refusal) {
    if (!awaitsAdmission()) {
      return Effect().none();
    }
    Input.Commanded command = life.admission.take();
    boolean opening = life.phase == Phase.OPENING;
    life.phase = opening || refusal.isPresent() ? Phase.QUIET : Phase.BUSY;
    if (refusal.isPresent()) {
      life.performer.refuse(command, refusal.get());
      if (opening) {
        life.admission.nobodyOwns();
      }
      turns.update(state);
      return Effect().none().thenUnstashAll();
    }
    life.owned |= opening;
    return decide(state, command).thenUnstashAll();
  }

  private boolean awaitsAdmission() {
    return life.phase == Phase.OPENING || life.phase == Phase.ENTERING;
  }

  private void onRowsRead(SessionState state, RowsRead read) {
    if (read.life() == life.number) {
      life.pulls.rowsRead(state, read.pull(), read.rows(), now());
    } else {
      life.pulls.pull(state, read.pull(), now());
    }
  }

  private Effect<JournalRecord, SessionState> onSnapshotted(SessionState state, long journalNr) {
    Optional<HorizonMoved> horizon = life.retention.onSnapshot(state, journalNr);
    if (horizon.isEmpty()) {
      life.retention.prune(horizon, journalNr);
      return Effect().none();
    }
    return write(life.core.note(state, horizon.get(), now()))
        .thenRun(() -> life.retention.prune(horizon, journalNr));
  }

  private Effect<JournalRecord, SessionState> onIdleTick(SessionState state) {
    if (isRunning(state)) {
      return Effect().none();
    }
    Duration idle = Duration.between(life.idleSince, now());
    boolean enough = idle.compareTo(environment.settings().passivateAfter()) >= 0;
    if (enough) {
      leaveBusy();
    }
    if (life.pulls.areWaiting()) {
      return Effect().none();
    }
    life.log.release();
    state.transcript().pack();
    if (enough) {
      life.stopWanted = true;
      registry.tell(new Registry.Passivate(session, context.getSelf()));
    }
    return Effect().none();
  }

  private boolean isRunning(SessionState state) {
    return state.isBusy() || awaitsAdmission();
  }

  private void leaveBusy() {
    if (life.phase == Phase.BUSY) {
      life.phase = Phase.QUIET;
      environment.busy().tell(new BusySessions.Leave(session));
    }
  }

  private Effect<JournalRecord, SessionState> onStop(SessionState state) {
    if (life.stopWanted && !isRunning(state) && !life.pulls.areWaiting()) {
      return Effect().stop();
    }
    return stayOn();
  }

  private Effect<JournalRecord, SessionState> stayOn() {
    life.stopWanted = false;
    registry.tell(new Registry.StaysOn(session, context.getSelf()));
    return Effect().none();
  }

  private void erase() {
    life.phase = Phase.ERASING;
    life.pulls.detachAll("session_deleted", "the session was deleted");
    int number = life.number;
    context.pipeToSelf(
        environment.pruner().erase(persistenceId(session).id()),
        (_, failure) -> {
          if (failure != null) {
            context.getSystem().log().warn("Session {} is not erased yet", session, failure);
          }
          return new LogErased(number, failure == null);
        });
  }

  private Effect<JournalRecord, SessionState> onMessageWhileErasing(SessionMessage message) {
    return switch (message) {
      case Submit submit when submit.command() instanceof Command.SessionOpen -> Effect().stash();
      case Submit submit -> {
        EffectPerformer.refuse(
            submit, ErrorCode.SESSION_NOT_FOUND, "there is no session " + session);
        yield Effect().none();
      }
      case Pull pull -> {
        life.pulls.pull(SessionState.EMPTY, pull, now());
        yield Effect().none();
      }
      case RowsRead(_, var pull, _) -> {
        life.pulls.pull(SessionState.EMPTY, pull, now());
        yield Effect().none();
      }
      case LogErased(var number, var erased) ->
          number == life.number ? onErased(erased) : Effect().none();
      case EraseAgain _ -> {
        erase();
        yield Effect().none();
      }
      case Stop _ -> stayOn();
      case Happened _,
          Said _,
          SubscriberGone _,
          Snapshotted _,
          IdleTick _,
          Wake _,
          GoOn _,
          Admitted _ ->
          Effect().none();
    };
  }

  /* What comes next under this name is a new session in the same journal, after the erased rows. */
  private Effect<JournalRecord, SessionState> onErased(boolean erased) {
    if (!erased) {
      timers.startSingleTimer(new EraseAgain(), ERASE_RETRY);
      return Effect().none();
    }
    life.children.abandonAll();
    life = new Life(SessionState.EMPTY, lastSequenceNumber(context));
    life.phase = Phase.BUSY;
    leaveBusy();
    life.admission.nobodyOwns();
    return Effect().none().thenUnstashAll();
  }

  private Instant now() {
    return environment.clock().instant();
  }
}
