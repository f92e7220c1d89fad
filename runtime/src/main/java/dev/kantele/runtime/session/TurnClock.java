package dev.kantele.runtime.session;

import dev.kantele.runtime.log.EndCause;
import dev.kantele.runtime.session.Input.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a turn may run, counted from its start. The clock stands while a call of the turn waits
 * for somebody: people take their time, and a turn must not end for that.
 */
final class TurnClock {
  private final AgentLoop loop;

  TurnClock(AgentLoop loop) {
    this.loop = loop;
  }

  /** Has the running turn stopped when it has run for too long, unless its clock stands. */
  void watch(Draft draft) {
    OpenTurn turn = AgentLoop.running(draft);
    var timer = new Timer.WallTime(turn.request().turn());
    draft.effect(
        turn.waitingSince().isPresent()
            ? new Effect.StopTimer(timer)
            : new Effect.StartTimer(timer, end(draft, turn)));
  }

  /** Has the clock stand or go on if the turn waits, or waits no longer, since {@code before}. */
  void follow(Draft draft, OpenTurn before) {
    boolean waited = before.waitingSince().isPresent();
    if (AgentLoop.running(draft).waitingSince().isPresent() != waited) {
      watch(draft);
    }
  }

  /**
   * Ends the turn that is out of time. A timer that fired before its clock stood counts no more.
   */
  void fired(Draft draft) {
    OpenTurn turn = AgentLoop.running(draft);
    if (turn.waitingSince().isPresent()) {
      return;
    }
    if (turn.waitedMillis() > 0 && draft.now().isBefore(end(draft, turn))) {
      watch(draft);
      return;
    }
    Duration limit = loop.limits(draft).wallTime();
    String name =
        deadline(turn.request()).filter(wish -> wish.compareTo(limit) < 0).isPresent()
            ? "deadline"
            : "wall_time";
    loop.ending().endWithin(draft, new EndCause.Limit(name), loop.limits(draft).cancelDeadline());
  }

  /** When a turn that waits for nobody is out of time. */
  Instant end(Draft draft, OpenTurn turn) {
    Duration limit = loop.limits(draft).wallTime();
    Duration wall =
        deadline(turn.request()).filter(wish -> wish.compareTo(limit) < 0).orElse(limit);
    return turn.startedAt().plus(wall).plusMillis(turn.waitedMillis());
  }

  private static Optional<Duration> deadline(TurnRequest request) {
    return request
        .options()
        .flatMap(
            options ->
                options.deadlineMs().isPresent()
                    ? Optional.of(Duration.ofMillis(options.deadlineMs().getAsLong()))
                    : Optional.empty());
  }
}
