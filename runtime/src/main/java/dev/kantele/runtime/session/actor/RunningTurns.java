package dev.kantele.runtime.session.actor;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.SessionId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Which sessions of a node have a turn that makes progress, and whether further turns may begin. A
 * turn that only waits for somebody's decision or answer, or for a client that runs a tool, is none
 * of them. Any thread may call; nothing blocks.
 */
public final class RunningTurns {
  private final Set<SessionId> sessions = new HashSet<>();
  private final CompletableFuture<Integer> drained = new CompletableFuture<>();
  private boolean draining;

  /**
   * Counts {@code session} among those with a running turn, before its turn is accepted.
   *
   * @return false if no turn may begin any more; nothing is counted then
   */
  synchronized boolean begin(SessionId session) {
    if (draining) {
      return false;
    }
    sessions.add(session);
    return true;
  }

  /** Counts {@code session}, whether draining or not: its turn was accepted before. */
  synchronized void goesOn(SessionId session) {
    sessions.add(session);
  }

  /** Whether a turn that waits may start. */
  public synchronized boolean mayStart() {
    return !draining;
  }

  /** Counts {@code session} no more. */
  void rests(SessionId session) {
    boolean last;
    synchronized (this) {
      last = sessions.remove(session) && sessions.isEmpty() && draining;
    }
    if (last) {
      drained.complete(0);
    }
  }

  /** How many sessions have a turn that makes progress. */
  public synchronized int size() {
    return sessions.size();
  }

  /**
   * Lets no turn begin from now on, and none start that waits.
   *
   * @param grace how long those that run may take to end; 0 or more
   * @param system whose scheduler tells when it is over
   * @return how many still run: 0 as soon as none does, else the rest when {@code grace} is over
   */
  public CompletionStage<Integer> drain(Duration grace, ActorSystem<?> system) {
    requireNonNull(grace, "grace");
    requireNonNull(system, "system");
    int running;
    synchronized (this) {
      draining = true;
      running = sessions.size();
    }
    if (running == 0 || grace.isZero()) {
      drained.complete(running);
    } else {
      Cancellable end =
          system
              .scheduler()
              .scheduleOnce(grace, () -> drained.complete(size()), system.executionContext());
      var _ = drained.whenComplete((_, _) -> end.cancel());
    }
    return drained.copy();
  }
}
