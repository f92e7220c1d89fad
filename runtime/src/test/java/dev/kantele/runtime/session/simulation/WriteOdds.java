package dev.kantele.runtime.session.simulation;

/** How likely a write goes wrong, and in which way. */
final class WriteOdds {
  private final World world;

  WriteOdds(World world) {
    this.world = world;
  }

  /**
   * Of 1,000 writes in {@code condition}, how many the node's crash comes upon; more where a write
   * that lands late can do harm, since nothing else is written by whoever recovers.
   */
  int crashes(Condition condition, boolean recoversSilently) {
    if (world.circumstances.crashEveryMillis() == 0) {
      return 0;
    }
    if (recoversSilently) {
      return 90;
    }
    return condition.isRare() || condition == Condition.IDLE ? 35 : 2;
  }

  /** How a write ends; {@code WRITE_TAKES_LONG} stands for well. */
  Mishap fate(Condition condition) {
    int rate = writeFaults(condition);
    if (world.mishap(rate)) {
      return Mishap.WRITE_FAILS;
    }
    if (world.mishap(rate)) {
      return Mishap.WRITE_FAILS_BUT_IS_THERE;
    }
    return world.mishap(rate / 2) ? Mishap.WRITE_IS_REJECTED : Mishap.WRITE_TAKES_LONG;
  }

  /** Of 1,000 writes in {@code condition}, how many go wrong in each way. */
  int writeFaults(Condition condition) {
    return world.circumstances.writeFaults() * (condition.isRare() ? 5 : 1);
  }
}
