package dev.kantele.protocol.sequence;

import dev.kantele.protocol.TurnId;

/** A tool call that has not ended. */
final class OpenInvocation {
  private final TurnId turn;

  /** The last attempt that started; 0 before the first. */
  private int attempt;

  /** Whether this node is known to run it, so that it is lost with the node. */
  private final boolean onNode;

  OpenInvocation(TurnId turn, boolean onNode) {
    this.turn = turn;
    this.onNode = onNode;
  }

  /** Whether it is lost where its node is. */
  boolean runsOnNode() {
    return onNode && attempt > 0;
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
