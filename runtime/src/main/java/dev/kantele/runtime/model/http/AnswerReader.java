package dev.kantele.runtime.model.http;

import dev.kantele.runtime.model.ModelEvent;
import java.util.List;

/** Understands one answer of a vendor, event by event. Confined to its call. */
public interface AnswerReader {
  /**
   * Returns what the model says by {@code event}. Nothing is read any more after a {@link
   * ModelEvent.Finished} or {@link ModelEvent.Failed}, which is the last of the list.
   */
  List<ModelEvent> read(ServerSentEvent event);

  /**
   * Returns what is left to say when no further event comes: with a {@link ModelEvent.Finished} or
   * {@link ModelEvent.Failed} at its end if the answer is known to be whole or void without one,
   * and empty if it was cut off.
   */
  List<ModelEvent> end();
}
