package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Usage;

/** What came of a call of a model that finished by itself. */
public record ModelReply(Message message, Usage usage, FinishReason reason) {
  public ModelReply {
    requireNonNull(message, "message");
    requireNonNull(usage, "usage");
    requireNonNull(reason, "reason");
  }
}
