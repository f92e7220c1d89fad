package dev.kantele.runtime.websocket;

/**
 * A rate limit that lets bursts pass: tokens flow in at a steady rate up to a bound, and each
 * command takes one. Confined to its connection's stream.
 */
final class TokenBucket {
  private final double tokensPerMilli;
  private final double capacity;
  private double tokens;
  private long lastMillis;

  /** A full bucket. */
  TokenBucket(int tokensPerSecond, int capacity, long nowMillis) {
    this.tokensPerMilli = tokensPerSecond / 1_000.0;
    this.capacity = capacity;
    this.tokens = capacity;
    this.lastMillis = nowMillis;
  }

  /**
   * Takes a token. Returns 0, or if there is none the milliseconds until there is one. A clock that
   * goes back adds nothing.
   */
  long take(long nowMillis) {
    long elapsedMillis = Math.max(0, nowMillis - lastMillis);
    lastMillis = nowMillis;
    tokens = Math.min(capacity, tokens + elapsedMillis * tokensPerMilli);
    if (tokens >= 1) {
      tokens -= 1;
      return 0;
    }
    return Math.max(1, (long) Math.ceil((1 - tokens) / tokensPerMilli));
  }
}
