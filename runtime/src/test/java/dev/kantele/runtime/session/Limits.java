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

  private static AgentLimits of(
      int modelCalls, int toolCalls, long tokens, int attempts, int queuedTurns) {
    return new AgentLimits(
        modelCalls,
        toolCalls,
        Duration.ofMinutes(15),
        tokens,
        attempts,
        Duration.ofMillis(500),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofSeconds(2),
        queuedTurns);
  }

  private Limits() {}
}
