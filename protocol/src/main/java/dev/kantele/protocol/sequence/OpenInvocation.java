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

  /** Whether somebody must decide before it starts. */
  private boolean awaitsApproval;

  TurnId turn() {
    return turn;
  }

  boolean awaitsApproval() {
    return awaitsApproval;
  }

  void awaitApproval() {
    awaitsApproval = true;
  }

  void approved() {
    awaitsApproval = false;
  }

  int attempt() {
    return attempt;
  }

  void started(int attempt) {
    this.attempt = attempt;
  }
}
