package dev.kantele.protocol;

/** Tokens that were consumed: of a stream, or summed over a turn. None is negative. */
public record Usage(long inputTokens, long outputTokens, long cachedTokens) {
  /** Nothing used. */
  public static final Usage NONE = new Usage(0, 0, 0);

  public Usage {
    WireNumber.require("input_tokens", inputTokens, 0);
    WireNumber.require("output_tokens", outputTokens, 0);
    WireNumber.require("cached_tokens", cachedTokens, 0);
  }

  /** Returns the sum. */
  public Usage plus(Usage other) {
    return new Usage(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cachedTokens + other.cachedTokens);
  }

  /** Returns input and output together. */
  public long totalTokens() {
    return inputTokens + outputTokens;
  }
}
