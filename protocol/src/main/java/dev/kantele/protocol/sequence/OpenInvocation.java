package dev.kantele.protocol.sequence;

import dev.kantele.protocol.TurnId;

/** A tool call that has not ended. */
final class OpenInvocation {
  private final TurnId turn;

  /** The last attempt that started; 0 before the first. */
  private int attempt;

  OpenInvocation(TurnId turn) {
    this.turn = turn;
  }

  TurnId turn() {
    return turn;
  }

  int attempt() {
    return attempt;
  }

  void started(int attempt) {
    this.attempt = attempt;
  }
}
