package dev.kantele.docs.bench;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;

/**
 * Counts the words of {@link WordsProvider} in a turn's events. Deltas come singly or, where the
 * session or the subscriber was behind the model, merged: each word counts once. Confined to one
 * stream; read when that has ended.
 */
final class WordCount {
  private long words;
  private long events;
  private boolean completed;

  void accept(Event event) {
    events++;
    switch (event.body()) {
      case EventBody.TextDelta delta -> words += words(delta);
      case EventBody.Catchup(var merged) ->
          merged.stream()
              .filter(EventBody.TextDelta.class::isInstance)
              .forEach(live -> words += words((EventBody.TextDelta) live));
      case EventBody.TurnCompleted _ -> completed = true;
      default -> {}
    }
  }

  private static int words(EventBody.TextDelta delta) {
    return delta.text().length() / WordsProvider.WORD.length();
  }

  /** Words that came. */
  long words() {
    return words;
  }

  /** Events of all kinds that came. */
  long events() {
    return events;
  }

  /** Whether the turn has ended as it should. */
  boolean isCompleted() {
    return completed;
  }
}
