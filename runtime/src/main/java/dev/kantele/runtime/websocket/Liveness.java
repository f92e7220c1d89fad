package dev.kantele.runtime.websocket;

/**
 * Tells from what moved in each half of a heartbeat whether the peer is there. A peer is given up
 * after five halves in a row without a sign, that is after 2.5 to 3 heartbeats. Confined to its
 * connection's stream.
 */
final class Liveness {
  /** What a half heartbeat showed. */
  enum Verdict {
    ALIVE,
    /** Alive, and it is time for a ping. */
    PING,
    /** Nothing came for too long. */
    SILENT,
    /** Nothing could be written for too long. */
    STALLED
  }

  private static final int MAX_HALVES = 5;

  private boolean heard;
  private boolean written;
  private boolean pingDue;
  private int silentHalves;
  private int stalledHalves;

  /** Bytes came from the peer. */
  void heard() {
    heard = true;
  }

  /** Bytes went towards the peer. */
  void written() {
    written = true;
  }

  /**
   * Ends a half heartbeat.
   *
   * @param reading whether this side waits for bytes; while it does not, silence means nothing
   * @param writing whether bytes wait to be written
   */
  Verdict tick(boolean reading, boolean writing) {
    silentHalves = heard || !reading ? 0 : silentHalves + 1;
    stalledHalves = written || !writing ? 0 : stalledHalves + 1;
    heard = false;
    written = false;
    pingDue = !pingDue;
    if (stalledHalves >= MAX_HALVES) {
      return Verdict.STALLED;
    }
    if (silentHalves >= MAX_HALVES) {
      return Verdict.SILENT;
    }
    return pingDue ? Verdict.ALIVE : Verdict.PING;
  }
}
