package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.HorizonMoved;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionCore;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import dev.kantele.runtime.session.simulation.Message.Happened;
import dev.kantele.runtime.session.simulation.Message.Submitted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The shell around a {@code SessionCore}, as the session's actor is one, on a journal that fails
 * and a node that crashes. While a write is pending it takes nothing in; what the core wants done
 * it does when the write is confirmed; after a failed write or a crash it starts over from the
 * journal.
 */
final class SimulatedSession {
  static final SessionId ID = new SessionId("sim");

  private static final int ROWS_OF_A_READ = 96;

  private final World world;
  private final SimulatedCatalog catalog;
  private final SimulatedJournal journal;
  private final Books books;
  private final CommandKinds kinds = new CommandKinds();
  private final WriteOdds odds;
  private final Deque<Message> mailbox = new ArrayDeque<>();
  private Phase phase = Phase.DOWN;
  private SessionState state = SessionState.EMPTY;
  private Life life;
  private int lives;
  private int logs;
  private long readyMillis;
  private long readySince;

  /** Somebody else's rows have landed in the journal: the next write conflicts with them. */
  private boolean fenced;

  private enum Phase {
    /** Not in memory; a message wakes it. */
    ASLEEP,
    /** Gone until it starts anew. */
    DOWN,
    /** Before the first rows of a life are durable. */
    RECOVERING,
    READY,
    WRITING,
    ERASING
  }

  /** What one life of the session has beside its durable state. */
  private final class Life {
    final int number = ++lives;
    final SessionLog log =
        new SessionLog(ID, world.sabotage.windowBytes(world.circumstances.windowBytes()));
    final SessionCore core =
        new SessionCore(ID, catalog, log, "i" + number, () -> new LogId("log-" + ++logs));
    final Performer performer = new Performer(world, SimulatedSession.this, books, number);
    final Pulls pulls = new Pulls(world, SimulatedSession.this, log, journal, ROWS_OF_A_READ);
    List<JournalRecord> unconfirmed = List.of();
  }

  SimulatedSession(World world) {
    this.world = world;
    this.catalog = new SimulatedCatalog(world.sabotage, world.circumstances.hooks());
    this.journal = new SimulatedJournal(world.findings);
    this.books = new Books(world, ID, catalog);
    this.odds = new WriteOdds(world);
    this.life = new Life();
  }

  Books books() {
    return books;
  }

  SessionState state() {
    return state;
  }

  SessionLog log() {
    return life.log;
  }

  SimulatedJournal journal() {
    return journal;
  }

  int lifeNumber() {
    return life.number;
  }

  Condition condition() {
    return switch (phase) {
      case RECOVERING -> Condition.RECOVERING;
      case DOWN -> Condition.DOWN;
      case ASLEEP, READY, WRITING, ERASING -> Condition.of(state);
    };
  }

  /** For how long the session was able to take something in. */
  long readyMillis() {
    return readyMillis + (phase == Phase.READY ? world.time.nowMillis() - readySince : 0);
  }

  boolean isReady() {
    return phase == Phase.READY;
  }

  boolean isAsleep() {
    return phase == Phase.ASLEEP;
  }

  boolean isDown() {
    return phase == Phase.DOWN;
  }

  /** What befell the session in the condition in which it is. */
  void befell(Mishap mishap) {
    world.coverage.add(mishap, condition());
    world.trace.add("mishap " + mishap, condition());
  }

  private void enter(Phase next) {
    readyMillis = readyMillis();
    readySince = world.time.nowMillis();
    phase = next;
  }

  /** Starts a life: reads the journal and goes on from there. */
  void start() {
    if (journal.isErased()) {
      journal.erase();
    }
    state = journal.recover();
    life = new Life();
    life.log.restart(state.lastSeq(), state.reserved());
    fenced = false;
    world.trace.add("life", life.number);
    enter(Phase.RECOVERING);
    decide(new Input.Recovered());
  }

  /** A subscriber's connection is gone. */
  void disconnected(SimulatedSubscriber subscriber) {
    life.pulls.forget(subscriber);
    if (world.sabotage.cancelsOnDisconnect()) {
      tell(Submitted.byNobody(ID));
    }
  }

  /** Hands the session a message; it is taken in when its turn comes. */
  void tell(Message message) {
    if (phase == Phase.DOWN && world.mishap(500)) {
      return;
    }
    mailbox.addLast(message);
    if (phase == Phase.ASLEEP) {
      start();
    }
    drain();
  }

  private void drain() {
    while ((phase == Phase.READY || phase == Phase.ERASING) && !mailbox.isEmpty()) {
      if (world.sabotage.holdsBack(life.pulls.anyBehind())) {
        break;
      }
      take(mailbox.removeFirst());
    }
    if (phase == Phase.READY && !mailbox.isEmpty()) {
      world.findings.add(
          Rule.SLOW_READERS_COST_NOTHING, "messages wait although nothing is being written");
    }
  }

  private void take(Message message) {
    if (phase == Phase.ERASING) {
      takeWhileErasing(message);
      return;
    }
    switch (message) {
      case Submitted submitted -> {
        kinds.of(submitted, state, books).forEach(this::befell);
        decide(life.performer.commanded(submitted));
      }
      case Happened happened -> happened(happened);
      case Message.Asked(var pull) -> life.pulls.pull(state, pull);
      case Message.RowsRead read -> life.pulls.rowsRead(state, read);
      case Message.Snapshotted(var saved) -> moveHorizon(saved);
      case Message.Idle(var stop) -> idle(stop);
      case Message.LogErased _ -> {}
    }
  }

  private void happened(Happened happened) {
    Performer.late(state, happened, life.number).ifPresent(this::befell);
    decide(happened.input());
    if (happened.life() == life.number) {
      if (phase == Phase.WRITING) {
        life.performer.afterWrite(happened.taken());
      } else {
        happened.taken().run();
      }
    }
  }

  private void decide(Input heard) {
    Input input = world.sabotage.heard(state, heard);
    world.trace.add("input", input);
    Step step;
    try {
      step = life.core.step(world.sabotage.told(state, input), input, world.time.now());
    } catch (RuntimeException e) {
      thrown(input, e);
      return;
    }
    var decision =
        new Decision(state, Optional.of(input), world.sabotage.decided(state, input, step));
    decision.step().rows().forEach(row -> world.trace.add("row", row));
    if (!fenced) {
      books.decided(decision);
    }
    if (decision.step().rows().isEmpty()) {
      done(decision);
    } else {
      write(decision);
    }
  }

  private void thrown(Input input, RuntimeException e) {
    var where = new ArrayList<StackTraceElement>(List.of(e.getStackTrace()));
    world.findings.add(
        Rule.NOTHING_THROWS,
        input + " threw " + e + " at " + where.subList(0, Math.min(6, where.size())));
    crash();
  }

  private void write(Decision decision) {
    Life writing = life;
    Step step = decision.step();
    if (phase != Phase.RECOVERING) {
      enter(Phase.WRITING);
    }
    life.unconfirmed = step.rows();
    if (world.sabotage.answersEarly()) {
      step.effects().stream().filter(Effect.Answer.class::isInstance).forEach(this::perform);
    }
    if (world.sabotage.publishesEarly()) {
      life.core.committed(step, world.time.now());
      life.pulls.serve(state);
    }
    Mishap fate = odds.fate(condition());
    boolean slow = world.mishap(odds.writeFaults(condition()));
    if (slow) {
      befell(Mishap.WRITE_TAKES_LONG);
    }
    long millis = slow ? world.dice.between(200, 3_000) : world.dice.below(4);
    if (world.mishap(odds.crashes(condition(), Condition.recoversSilently(state)))) {
      world.time.in(world.dice.below((int) millis + 1), this::crashUnlessCalm);
    }
    world.time.in(
        millis,
        () -> {
          if (life == writing && (phase == Phase.WRITING || phase == Phase.RECOVERING)) {
            wrote(decision, fate);
          }
        });
  }

  private void wrote(Decision decision, Mishap planned) {
    List<JournalRecord> rows = decision.step().rows();
    Mishap fate = fenced ? Mishap.WRITE_FAILS : world.calm ? Mishap.WRITE_TAKES_LONG : planned;
    life.unconfirmed = List.of();
    if (fate == Mishap.WRITE_TAKES_LONG) {
      append(rows);
      for (JournalRecord row : rows) {
        state = state.apply(row);
      }
      done(decision);
      return;
    }
    befell(fate);
    if (fate == Mishap.WRITE_FAILS_BUT_IS_THERE) {
      append(rows);
    }
    life.performer.refuseAll();
    mailbox.removeIf(_ -> fate == Mishap.WRITE_IS_REJECTED || world.mishap(300));
    startOver(world.dice.between(20, 400));
  }

  private void append(List<JournalRecord> rows) {
    List<JournalRecord> kept = world.sabotage.written(rows);
    journal.append(kept);
    books.durable(kept, readyMillis());
  }

  private void done(Decision decision) {
    Step step = decision.step();
    if (!world.sabotage.publishesEarly() || step.rows().isEmpty()) {
      life.core.committed(step, world.time.now());
    }
    books.done(decision, state, new Books.Clock(readyMillis(), life.log.lastSeq()));
    if (phase != Phase.READY) {
      enter(Phase.READY);
    }
    for (Effect effect : step.effects()) {
      if (!(world.sabotage.answersEarly()
          && !step.rows().isEmpty()
          && effect instanceof Effect.Answer)) {
        perform(effect);
      }
    }
    life.pulls.serve(state);
    life.performer.written();
    books.checkWindow(life.log.windowBytes());
    afterwards(decision);
    drain();
  }

  private void perform(Effect effect) {
    if (!fenced) {
      books.performing(effect);
    }
    life.performer.perform(effect);
  }

  /* Snapshots are taken at turn ends only. */
  private void afterwards(Decision decision) {
    if (phase != Phase.READY) {
      return;
    }
    if (decision.endsTurn() && world.mishap(world.circumstances.retention())) {
      SessionState saved = state;
      Life saving = life;
      world.time.in(
          world.dice.below(world.dice.oneOf(20, 600)),
          () -> {
            if (life == saving && state.identity().equals(saved.identity())) {
              journal.snapshot(world.sabotage.saved(saved));
              tell(new Message.Snapshotted(saved));
            }
          });
    }
  }

  private void moveHorizon(SessionState saved) {
    long rows = saved.index().rows();
    long first = Math.max(journal.deletedThrough() + 1, state.index().firstRow());
    if (!saved.identity().equals(state.identity()) || first > rows) {
      return;
    }
    long last = first + world.dice.below((int) (rows - first + 1));
    var horizon = new HorizonMoved(journal.row(last).seq() + 1, last + 1);
    befell(Mishap.HORIZON_MOVES);
    Life moving = life;
    Step step = life.core.note(state, horizon, world.time.now());
    write(new Decision(state, Optional.empty(), step));
    life.performer.afterWrite(
        () ->
            world.time.in(
                world.dice.below(10),
                () -> {
                  if (life == moving) {
                    journal.deleteThrough(last + world.sabotage.deletedTooMany());
                  }
                }));
  }

  private void idle(boolean stop) {
    if (state.isBusy() || life.pulls.areWaiting()) {
      return;
    }
    befell(stop ? Mishap.PASSIVATION : Mishap.WINDOW_RELEASED);
    life.log.release();
    if (stop) {
      life.performer.orphanAll();
      enter(Phase.ASLEEP);
    }
  }

  /** The core wants the journal erased; while that is under way there is no session. */
  void erase() {
    enter(Phase.ERASING);
    life.pulls.detachAll();
    int erasing = life.number;
    world.time.in(world.dice.below(200), () -> tell(new Message.LogErased(erasing)));
  }

  private void takeWhileErasing(Message message) {
    switch (message) {
      case Submitted(var client, var command, var replyTo) ->
          replyTo.accept(
              command instanceof Command.SessionOpen
                  ? Reply.Nack.of(command.id(), ErrorCode.UNAVAILABLE, "being deleted")
                  : Reply.Nack.of(command.id(), ErrorCode.SESSION_NOT_FOUND, "no session"));
      case Message.Asked(var pull) -> life.pulls.detach(pull);
      case Message.LogErased(var erasing) -> {
        if (erasing == life.number) {
          journal.erase();
          life.performer.orphanAll();
          start();
        }
      }
      case Happened _, Message.RowsRead _, Message.Snapshotted _, Message.Idle _ -> {}
    }
  }

  void crashUnlessCalm() {
    if (!world.calm) {
      crash();
    }
  }

  /**
   * The node dies, and with it whatever is in memory; a pending write may be there all the same.
   */
  private void crash() {
    if (phase == Phase.DOWN || phase == Phase.ASLEEP) {
      return;
    }
    List<JournalRecord> pending = life.unconfirmed;
    long downMillis = world.dice.between(20, 600);
    befell(pending.isEmpty() ? Mishap.CRASH : Mishap.CRASH_WHILE_WRITING);
    if (!pending.isEmpty() && !fenced) {
      crashWhileWriting(pending, downMillis);
    }
    mailbox.clear();
    if (world.dice.percent(8)) {
      befell(Mishap.CONFIGURATION_CHANGES);
      catalog.reconfigure(world.dice);
    }
    startOver(downMillis);
  }

  private void crashWhileWriting(List<JournalRecord> pending, long downMillis) {
    long changes = journal.changes();
    boolean silent = Condition.recoversSilently(state);
    switch (world.dice.below(silent ? 6 : 3)) {
      case 0 -> {}
      case 1 -> append(pending);
      default ->
          world.time.in(
              silent ? downMillis + world.dice.below(5) : world.dice.below(1_200),
              () -> {
                /* The journal takes a row number once, from whoever comes first. */
                if (journal.changes() == changes) {
                  befell(Mishap.WRITE_LANDS_AFTER_THE_CRASH);
                  append(pending);
                  fenced = phase != Phase.DOWN && phase != Phase.ASLEEP;
                }
              });
    }
  }

  private void startOver(long millis) {
    checkFold();
    if (books.ledger() != null) {
      books.ledger().loseAll();
    }
    life.performer.orphanAll();
    life.pulls.orphanAll();
    enter(Phase.DOWN);
    world.time.in(millis, this::startIfDown);
  }

  private void startIfDown() {
    if (phase == Phase.DOWN) {
      start();
    }
  }

  /** Where the session knows of every row, its state is their fold. */
  void checkFold() {
    if (journal.size() == state.index().rows() && !journal.isErased()) {
      SessionState folded = journal.recover();
      if (!folded.equals(state)) {
        world.findings.add(
            Rule.STATE_IS_THE_FOLD, "live: %s; from the journal: %s".formatted(state, folded));
      }
    }
  }
}
