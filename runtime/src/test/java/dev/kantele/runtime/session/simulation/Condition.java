package dev.kantele.runtime.session.simulation;

import dev.kantele.runtime.session.OpenTurn;
import dev.kantele.runtime.session.SessionState;

/** What a session is doing when something befalls it. */
enum Condition {
  NO_SESSION,
  IDLE,
  STREAMING,
  TOOLS_RUNNING,
  /** A call waits for somebody; others may run. */
  AWAITING_PEOPLE,
  AWAITING_RETRY,
  /** A turn runs, and others or a steer wait. */
  WITH_A_QUEUE,
  ENDING_A_STREAM,
  ENDING_TOOLS,
  CLOSING,
  CLOSED,
  /** Writing what a recovery decided. */
  RECOVERING,
  /** Between a crash, or a failed write, and the next start. */
  DOWN;

  static Condition of(SessionState state) {
    if (state.identity().isEmpty()) {
      return NO_SESSION;
    }
    if (state.closed()) {
      return CLOSED;
    }
    if (state.turn().isEmpty()) {
      return IDLE;
    }
    return state.closing().isPresent() ? CLOSING : of(state, state.turn().get());
  }

  /**
   * Whether a turn runs, but nothing of it: who recovers with that writes nothing, so that a write
   * which comes late finds its place.
   */
  static boolean recoversSilently(SessionState state) {
    return state
        .turn()
        .filter(turn -> !turn.hasOpenOperation())
        .filter(turn -> turn.retry().isEmpty() && turn.ending().isEmpty())
        .isPresent();
  }

  /** Whether sessions are so seldom in it that more must go wrong there. */
  boolean isRare() {
    return switch (this) {
      case NO_SESSION, AWAITING_PEOPLE, AWAITING_RETRY, ENDING_TOOLS, CLOSING, CLOSED, RECOVERING ->
          true;
      case IDLE, STREAMING, TOOLS_RUNNING, WITH_A_QUEUE, ENDING_A_STREAM, DOWN -> false;
    };
  }

  private static Condition of(SessionState state, OpenTurn turn) {
    if (turn.ending().isPresent()) {
      return turn.stream().isPresent() ? ENDING_A_STREAM : ENDING_TOOLS;
    }
    if (!state.queue().isEmpty() || !turn.steers().isEmpty()) {
      return WITH_A_QUEUE;
    }
    if (turn.retry().isPresent()) {
      return AWAITING_RETRY;
    }
    if (turn.waitingSince().isPresent()) {
      return AWAITING_PEOPLE;
    }
    return turn.stream().isPresent() ? STREAMING : TOOLS_RUNNING;
  }
}
