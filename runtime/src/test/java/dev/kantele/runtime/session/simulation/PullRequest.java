package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.LogId;
import dev.kantele.runtime.log.Delivery;
import java.util.List;
import java.util.Optional;

/** One question of a subscriber: what comes after {@code after} in {@code log}. */
record PullRequest(
    SimulatedSubscriber subscriber,
    long number,
    LogId log,
    long after,
    int maxEvents,
    long maxBytes) {
  /**
   * What it brings.
   *
   * @param deliveries absent if the log is another by now
   * @param moment when it was put together
   */
  record Answer(long number, Optional<List<Delivery>> deliveries, long moment) {}
}
