package dev.kantele.cluster.render;

import dev.kantele.protocol.EventBody;

/** Why a turn completed, in words. */
final class StopSentence {
  static String of(EventBody.TurnCompleted completed) {
    return switch (completed.stopReason()) {
      case END -> "the answer is complete";
      case MAX_TOKENS -> "the model reached its output limit";
      case REFUSAL -> "the model refused";
      case CONTENT_FILTER -> "the vendor's filter cut the answer";
      case LIMIT -> "stopped at the agent's limit " + completed.limit().orElse("");
    };
  }

  private StopSentence() {}
}
