package dev.kantele.protocol.client;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.TurnId;
import java.util.Optional;

/**
 * How a turn ended.
 *
 * @param end {@code turn.completed}, {@code turn.failed} or {@code turn.cancelled}; absent only
 *     where the turn ended while this client was away and its events are kept no longer
 * @param message the last message that the model completed in the turn; empty if there was none
 */
public record TurnResult(TurnId turn, Optional<EventBody.Terminal> end, Message message) {
  public TurnResult {
    requireNonNull(turn, "turn");
    requireNonNull(message, "message");
  }

  /** Whether the turn ended as it should. */
  public boolean isCompleted() {
    return end.orElse(null) instanceof EventBody.TurnCompleted;
  }

  /** The text of the model's last message. */
  public String text() {
    return message.text();
  }
}
