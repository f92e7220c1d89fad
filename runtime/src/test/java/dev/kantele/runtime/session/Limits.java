package dev.kantele.runtime.session;

import dev.kantele.runtime.agent.AgentLimits;
import java.time.Duration;

/** The default limits, with one of them changed. */
final class Limits {
  private static final AgentLimits D = AgentLimits.DEFAULT;

  static AgentLimits modelCalls(int calls) {
    return of(calls, D.toolCalls(), D.tokens(), D.attempts(), D.queuedTurns());
  }

  static AgentLimits toolCalls(int calls) {
    return of(D.modelCalls(), calls, D.tokens(), D.attempts(), D.queuedTurns());
  }

  static AgentLimits tokens(long tokens) {
    return of(D.modelCalls(), D.toolCalls(), tokens, D.attempts(), D.queuedTurns());
  }

  static AgentLimits attempts(int attempts) {
    return of(D.modelCalls(), D.toolCalls(), D.tokens(), attempts, D.queuedTurns());
  }

  static AgentLimits queuedTurns(int turns) {
    return of(D.modelCalls(), D.toolCalls(), D.tokens(), D.attempts(), turns);
  }

  /** Hundred attempts a step, so that only the turn's retries and their time are bounds. */
  static AgentLimits retries(int retries, Duration time) {
    return of(D.modelCalls(), 100, D.queuedTurns(), retries, time, D.outputRepairs());
  }

  static AgentLimits outputRepairs(int modelCalls, int repairs) {
    return of(modelCalls, D.attempts(), D.queuedTurns(), D.retries(), D.retryTime(), repairs);
  }

  private static AgentLimits of(
      int modelCalls,
      int attempts,
      int queuedTurns,
      int retries,
      Duration retryTime,
      int outputRepairs) {
    return new AgentLimits(
        modelCalls,
        D.toolCalls(),
        D.wallTime(),
        D.tokens(),
        attempts,
        D.retryDelay(),
        D.maxRetryAfter(),
        retries,
        retryTime,
        outputRepairs,
        D.streamIdle(),
        D.cancelDeadline(),
        queuedTurns);
  }

  private static AgentLimits of(
      int modelCalls, int toolCalls, long tokens, int attempts, int queuedTurns) {
    return new AgentLimits(
        modelCalls,
        toolCalls,
        D.wallTime(),
        tokens,
        attempts,
        D.retryDelay(),
        D.maxRetryAfter(),
        D.retries(),
        D.retryTime(),
        D.outputRepairs(),
        D.streamIdle(),
        D.cancelDeadline(),
        queuedTurns);
  }

  private Limits() {}
}
