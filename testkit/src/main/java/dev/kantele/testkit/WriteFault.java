package dev.kantele.testkit;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.journal.JournalFaults;
import dev.kantele.runtime.journal.JournalFaults.Held;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.session.actor.SessionActor;
import java.time.Duration;
import java.util.function.Predicate;

/** A write of a session to its journal that is to go wrong. What it says last is what happens. */
public final class WriteFault {
  private final TestNode node;
  private final JournalFaults journal;
  private final Predicate<JournalRecord> row;
  private final String persistenceId;
  private final int nth;

  WriteFault(TestNode node, JournalFaults journal, Predicate<JournalRecord> row) {
    this(node, journal, row, JournalFaults.ANY, 1);
  }

  private WriteFault(
      TestNode node,
      JournalFaults journal,
      Predicate<JournalRecord> row,
      String persistenceId,
      int nth) {
    this.node = node;
    this.journal = journal;
    this.row = row;
    this.persistenceId = persistenceId;
    this.nth = nth;
  }

  /** Not the next one, but the {@code nth} from now. */
  public WriteFault nth(int number) {
    return new WriteFault(node, journal, row, persistenceId, number);
  }

  /** Only one of this session. */
  public WriteFault of(String session) {
    return new WriteFault(
        node, journal, row, SessionActor.persistenceId(new SessionId(session)).id(), nth);
  }

  /** It fails, and nothing is written. */
  public void fails() {
    journal.fail(write());
  }

  /** It is written and reported as failed, as if the answer had been lost. */
  public void losesItsAnswer() {
    journal.failAfterwards(write());
  }

  /** The journal refuses it, as what can't be serialized. */
  public void isRejected() {
    journal.reject(write());
  }

  /** It takes so long. */
  public void takes(Duration duration) {
    Held held = journal.hold(write());
    onReached(held, () -> node.outside().schedule(duration, held::release));
  }

  /** The node dies before it is written, and starts again at once. */
  public void crashesBefore() {
    crashesBefore(Duration.ZERO);
  }

  /** The node dies before it is written, and starts again {@code downtime} later. */
  public void crashesBefore(Duration downtime) {
    onReached(journal.hold(write()), () -> node.crash(downtime));
  }

  /** The node dies when it is written, before anybody knows, and starts again at once. */
  public void crashesAfter() {
    crashesAfter(Duration.ZERO);
  }

  /**
   * The node dies when it is written, before anybody knows, and starts again {@code downtime}
   * later.
   */
  public void crashesAfter(Duration downtime) {
    Held held = journal.hold(write());
    onReached(
        held,
        () -> {
          node.crash(downtime);
          held.release();
        });
  }

  /**
   * The node dies before it is written, and starts again at once; {@code delay} later the write
   * comes after all, as from a node that was cut off and does not know that another took over.
   */
  public void comesLate(Duration delay) {
    Held held = journal.hold(write());
    onReached(
        held,
        () -> {
          node.crash(Duration.ZERO);
          node.outside().schedule(delay, held::release);
        });
  }

  private JournalFaults.Write write() {
    return new JournalFaults.Write(persistenceId, row, nth);
  }

  private static void onReached(Held held, Runnable action) {
    var _ = held.reached().thenRun(action);
  }
}
