package dev.kantele.testkit.schedule;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.BusySessions;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.journal.JournalFaults.Held;
import dev.kantele.runtime.journal.JournalFaults.Operation;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.session.actor.SessionActor;
import dev.kantele.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Has one thing go wrong for a session. */
final class Trouble {
  private final TestNode node;
  private final String session;
  private final Dice dice;
  private final Ledger ledger;
  private final View view;
  private final Coverage coverage;

  Trouble(TestNode node, String session, Dice dice, Ledger ledger, View view, Coverage coverage) {
    this.node = node;
    this.session = session;
    this.dice = dice;
    this.ledger = ledger;
    this.view = view;
    this.coverage = coverage;
  }

  private static final List<Fault> KINDS =
      List.of(
          Fault.CRASH_NOW,
          Fault.CRASH_BEFORE_A_WRITE,
          Fault.CRASH_AFTER_A_WRITE,
          Fault.WRITE_COMES_LATE,
          Fault.WRITE_FAILS,
          Fault.WRITE_LOSES_ITS_ANSWER,
          Fault.WRITE_IS_REJECTED,
          Fault.WRITE_IS_SLOW,
          Fault.READ_FAILS,
          Fault.RECOVERY_FAILS,
          Fault.BUSY_SET_FAILS,
          Fault.STREAM_DIES,
          Fault.STREAM_DIES,
          Fault.TOOL_DIES,
          Fault.TOOL_DIES,
          Fault.SESSION_DIES,
          Fault.PULL_IS_LOST,
          Fault.BATCH_IS_DELAYED);

  void make() {
    if (!node.isUp()) {
      return;
    }
    make(dice.pick(KINDS));
  }

  private void make(Fault fault) {
    JournalFaults journal = node.faults().journal();
    switch (fault) {
      case CRASH_NOW -> {
        strikes(fault);
        node.crash(downtime());
      }
      case CRASH_BEFORE_A_WRITE ->
          onWrite(
              held -> {
                strikes(fault);
                node.crash(downtime());
              });
      case CRASH_AFTER_A_WRITE ->
          onWrite(
              held -> {
                strikes(fault);
                node.crash(downtime());
                held.release();
              });
      case WRITE_COMES_LATE ->
          onWrite(
              held -> {
                strikes(fault);
                node.crash(Duration.ZERO);
                node.outside().schedule(downtime(), held::release);
              });
      case WRITE_FAILS -> journal.fail(next(fault));
      case WRITE_LOSES_ITS_ANSWER -> journal.failAfterwards(next(fault));
      case WRITE_IS_REJECTED -> journal.reject(next(fault));
      case WRITE_IS_SLOW ->
          onWrite(
              held -> {
                strikes(fault);
                node.outside().schedule(Duration.ofMillis(dice.between(1, 3_000)), held::release);
              });
      case READ_FAILS -> {
        strikes(fault);
        journal.fail(Operation.READ, id(), 1);
      }
      case RECOVERY_FAILS -> {
        strikes(fault);
        journal.fail(dice.percent(50) ? Operation.LOAD_SNAPSHOT : Operation.REPLAY, id(), 1);
        killSession();
      }
      case BUSY_SET_FAILS -> {
        strikes(fault);
        journal.fail(Operation.WRITE, BusySessions.ID.id(), 1);
      }
      case STREAM_DIES -> kill(fault, "/stream-");
      case TOOL_DIES -> kill(fault, "/tool-");
      case SESSION_DIES -> {
        if (killSession()) {
          strikes(fault);
        }
      }
      case PULL_IS_LOST -> {
        strikes(fault);
        node.faults().message("Pull").isLost();
      }
      case BATCH_IS_DELAYED -> {
        strikes(fault);
        node.faults().message("Ask").isDelayed(Duration.ofMillis(dice.between(1, 2_000)));
      }
      case PROMPT, INTERRUPT, STEER, ROLLBACK, CANCEL, CLIENT_CUT, CLIENT_STALLS ->
          throw new IllegalArgumentException("fault: " + fault + " (expected: no client's)");
    }
  }

  private Duration downtime() {
    return Duration.ofMillis(dice.percent(40) ? 0 : dice.between(1, 2_500));
  }

  private boolean killSession() {
    return kill(
        "/registry/" + session + "-",
        actor -> !actor.contains("/stream-") && !actor.contains("/tool-"));
  }

  private void kill(Fault fault, String kind) {
    Condition condition = view.condition();
    if (kill("/registry/" + session + "-", actor -> actor.contains(kind))) {
      coverage.add(fault, condition);
    }
  }

  private boolean kill(String part, Predicate<String> which) {
    var victim = node.faults().actors(part).stream().filter(which).findFirst();
    victim.ifPresent(
        actor -> {
          ledger.disturbed();
          node.faults().kill(actor);
        });
    return victim.isPresent();
  }

  private void strikes(Fault fault) {
    coverage.add(fault, view.condition());
    ledger.disturbed();
  }

  private String id() {
    return SessionActor.persistenceId(new SessionId(session)).id();
  }

  /* A fault of the first write strikes whenever the question is asked that is true of all rows. */
  private JournalFaults.Write next(Fault fault) {
    Predicate<JournalRecord> any =
        _ -> {
          strikes(fault);
          return true;
        };
    return new JournalFaults.Write(id(), any, 1);
  }

  private void onWrite(Consumer<Held> action) {
    int nth = view.condition() == Condition.ENDING ? 1 : dice.between(1, 2);
    Held held = node.faults().journal().hold(new JournalFaults.Write(id(), _ -> true, nth));
    var _ = held.reached().thenRun(() -> action.accept(held));
  }
}
