package dev.kantele.cluster.access;

/**
 * The events of one session, in order, without hole and without repeat, across lost connections.
 * Read by one thread at a time.
 */
public interface Subscription {
  /** The log's last number when the subscription began. */
  long lastSeqAtStart();

  /**
   * Waits for the next event.
   *
   * @throws AccessException if there will be none
   */
  Received next();
}
