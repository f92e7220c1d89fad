package dev.kantele.runtime.poller;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many of something there are, as the loop's thread finds it at each tick. That thread writes;
 * {@link #depth} may be asked by any.
 */
final class DepthGauge {
  private static final double AVERAGE_WEIGHT = 0.1;

  private final AtomicLong now = new AtomicLong();
  private final AtomicLong most = new AtomicLong();
  private final AtomicLong averageBits = new AtomicLong(Double.doubleToRawLongBits(0));

  /* The loop's own. */

  private double average = -1;

  /** There are this many. Opaque, for there is no other writer. */
  void found(int count) {
    most.setOpaque(Math.max(most.getPlain(), count));
    average = average < 0 ? count : average + AVERAGE_WEIGHT * (count - average);
    now.setOpaque(count);
    averageBits.setOpaque(Double.doubleToRawLongBits(average));
  }

  /** The most that were found since this was asked before. */
  int takeMost() {
    int taken = (int) most.getPlain();
    most.setOpaque(0);
    return taken;
  }

  /**
   * What is known; {@code mostBefore} is the most that was found before {@link #takeMost} was asked
   * last, in the time that counts.
   */
  LoopSnapshot.Depth depth(int mostBefore) {
    return depth((int) now.getOpaque(), mostBefore);
  }

  /** The same where it can be seen how many there are now. */
  LoopSnapshot.Depth depth(int seen, int mostBefore) {
    return new LoopSnapshot.Depth(
        seen,
        Math.max(seen, Math.max(mostBefore, (int) most.getOpaque())),
        Double.longBitsToDouble(averageBits.getOpaque()));
  }
}
