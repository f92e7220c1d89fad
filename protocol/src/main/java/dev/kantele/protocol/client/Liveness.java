package dev.kantele.protocol.client;

/**
 * Tells from what came in each half of a heartbeat whether the node is there. The node sends a ping
 * every heartbeat; after one without any sign it is asked, after two it is given up. Confined to
 * the client's mailbox.
 */
final class Liveness {
  /** What a half heartbeat showed. */
  enum Verdict {
    ALIVE,
    /** Nothing came for a heartbeat or more. */
    QUIET,
    /** Nothing came, or nothing could be sent, for two heartbeats. */
    DEAD
  }

  private static final int QUIET_HALVES = 2;
  private static final int DEAD_HALVES = 4;

  private boolean heard;
  private int silentHalves;
  private int stalledHalves;

  /** Something came from the node. */
  void heard() {
    heard = true;
  }

  /** Ends a half heartbeat; {@code stalled} if what was to be sent did not move in it. */
  Verdict tick(boolean stalled) {
    silentHalves = heard ? 0 : silentHalves + 1;
    stalledHalves = stalled ? stalledHalves + 1 : 0;
    heard = false;
    if (silentHalves >= DEAD_HALVES || stalledHalves >= DEAD_HALVES) {
      return Verdict.DEAD;
    }
    return silentHalves >= QUIET_HALVES ? Verdict.QUIET : Verdict.ALIVE;
  }
}
