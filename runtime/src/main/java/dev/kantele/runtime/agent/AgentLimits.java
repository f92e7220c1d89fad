package dev.kantele.runtime.agent;

import dev.kantele.protocol.WireNumber;
import java.time.Duration;

/**
 * How far one turn, and one session's queue, may go.
 *
 * @param modelCalls model calls of one turn, retries not counted
 * @param toolCalls tool calls of one turn
 * @param wallTime from the start of a turn to the point where it is stopped
 * @param tokens input and output tokens of one turn, checked before each model call
 * @param attempts calls of the model for one step, the first included
 * @param retryDelay the pause before the second attempt; doubled for each further one, and then
 *     shortened by up to a half so that sessions do not come back together
 * @param maxRetryAfter the longest pause that a vendor may ask for; if it asks for more, there is
 *     no further attempt
 * @param retries calls of one turn, over all its steps, that repeat a failed one
 * @param retryTime what the pauses before them may last together
 * @param outputRepairs how often in a turn the model is told that its answer does not fit the
 *     prompt's {@code output_schema}; each time is one more model call
 * @param streamIdle the longest silence of a model stream before it counts as broken
 * @param cancelDeadline from a cancel to the turn's terminal event
 * @param queuedTurns turns that wait in a session
 */
public record AgentLimits(
    int modelCalls,
    int toolCalls,
    Duration wallTime,
    long tokens,
    int attempts,
    Duration retryDelay,
    Duration maxRetryAfter,
    int retries,
    Duration retryTime,
    int outputRepairs,
    Duration streamIdle,
    Duration cancelDeadline,
    int queuedTurns) {
  /** What an agent has that sets nothing else. */
  public static final AgentLimits DEFAULT =
      new AgentLimits(
          32,
          128,
          Duration.ofMinutes(15),
          2_000_000,
          3,
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          10,
          Duration.ofMinutes(2),
          2,
          Duration.ofMinutes(2),
          Duration.ofSeconds(2),
          64);

  public AgentLimits {
    WireNumber.require("model-calls", modelCalls, 1);
    WireNumber.require("tool-calls", toolCalls, 0);
    requirePositive("wall-time", wallTime);
    WireNumber.require("tokens", tokens, 1);
    WireNumber.require("attempts", attempts, 1, 100);
    requirePositive("retry-delay", retryDelay);
    requirePositive("max-retry-after", maxRetryAfter);
    WireNumber.require("retries", retries, 0, 1_000);
    requirePositive("retry-time", retryTime);
    WireNumber.require("output-repairs", outputRepairs, 0, 100);
    requirePositive("stream-idle", streamIdle);
    requirePositive("cancel-deadline", cancelDeadline);
    WireNumber.require("queued-turns", queuedTurns, 0, 10_000);
  }

  private static void requirePositive(String key, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: more than 0)");
    }
  }
}
