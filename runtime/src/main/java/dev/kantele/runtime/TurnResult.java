package dev.kantele.runtime;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Role;
import java.util.List;
import java.util.Optional;

/**
 * How a turn ended.
 *
 * @param end {@code turn.completed}, {@code turn.failed} or {@code turn.cancelled}; absent only
 *     where the session was deleted meanwhile, or the turn ended so long ago that its events are
 *     kept no longer
 * @param message the last message that the model completed in the turn; empty if there was none
 */
public record TurnResult(Optional<EventBody.Terminal> end, Message message) {
  static final TurnResult NONE =
      new TurnResult(Optional.empty(), Message.of(Role.ASSISTANT, List.of()));

  /** Whether the turn ended as it should. */
  public boolean isCompleted() {
    return end.orElse(null) instanceof EventBody.TurnCompleted;
  }

  /** The text of the model's last message. */
  public String text() {
    return message.text();
  }

  static TurnResult after(TurnResult before, Event event) {
    return switch (event.body()) {
      case EventBody.StreamCompleted completed -> new TurnResult(before.end, completed.message());
      case EventBody.TurnCompleted end -> new TurnResult(Optional.of(end), before.message);
      case EventBody.TurnFailed end -> new TurnResult(Optional.of(end), before.message);
      case EventBody.TurnCancelled end -> new TurnResult(Optional.of(end), before.message);
      case EventBody.Durable _, EventBody.Live _, EventBody.Synthetic _, EventBody.Unknown _ ->
          before;
    };
  }
}
