package dev.kantele.runtime.websocket;

/**
 * Divides the event bytes that a connection may hold among its pulls. One half is split evenly, so
 * that every pull may bring something; the other half goes to those who pull now. Confined to its
 * connection's stream.
 */
final class PullBudget {
  private final int floorBytes;
  private final int poolBytes;
  private final int maxPullBytes;
  private int takenBytes;

  /**
   * A budget of {@code bytes} for at most {@code pulls} at a time.
   *
   * @param maxPullBytes the most for one of them
   */
  PullBudget(int bytes, int pulls, int maxPullBytes) {
    this.floorBytes = bytes / 2 / pulls;
    this.poolBytes = bytes - bytes / 2;
    this.maxPullBytes = Math.max(maxPullBytes, floorBytes);
  }

  /** Returns how many bytes a pull may ask for where {@code sharers} pull from time to time. */
  int reserve(int sharers) {
    int share = Math.min(poolBytes / Math.max(1, sharers), poolBytes - takenBytes);
    int bytes = Math.min(floorBytes + share, maxPullBytes);
    takenBytes += bytes - floorBytes;
    return bytes;
  }

  /** Gives back what {@link #reserve} returned. */
  void release(int bytes) {
    takenBytes -= bytes - floorBytes;
  }
}
