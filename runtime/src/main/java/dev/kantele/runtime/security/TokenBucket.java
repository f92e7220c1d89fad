package dev.kantele.runtime.security;

/**
 * A rate limit that lets bursts pass: tokens flow in at a steady rate up to a bound, and each
 * command takes one. Not thread-safe.
 */
public final class TokenBucket {
  private final double tokensPerMilli;
  private final double capacity;
  private double tokens;
  private long lastMillis;

  /** A full bucket. */
  public TokenBucket(int tokensPerSecond, int capacity, long nowMillis) {
    this.tokensPerMilli = tokensPerSecond / 1_000.0;
    this.capacity = capacity;
    this.tokens = capacity;
    this.lastMillis = nowMillis;
  }

  /**
   * Takes a token. Returns 0, or if there is none the milliseconds until there is one. A clock that
   * goes back adds nothing.
   */
  public long take(long nowMillis) {
    long elapsedMillis = Math.max(0, nowMillis - lastMillis);
    lastMillis = nowMillis;
    tokens = Math.min(capacity, tokens + elapsedMillis * tokensPerMilli);
    if (tokens >= 1) {
      tokens -= 1;
      return 0;
    }
    return Math.max(1, (long) Math.ceil((1 - tokens) / tokensPerMilli));
  }

  /** Whether it is as a new one would be. */
  boolean isFull(long nowMillis) {
    return tokens + Math.max(0, nowMillis - lastMillis) * tokensPerMilli >= capacity;
  }
}
