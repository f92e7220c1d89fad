package dev.kantele.runtime.model.scripted;

import dev.kantele.runtime.model.ModelEvent;
import java.time.Duration;

/** What a stream of a scripted reply does next. */
sealed interface Cue {
  /** Hands out an event. */
  record Emit(ModelEvent event) implements Cue {}

  /** Waits, for more than nothing. */
  record Wait(Duration duration) implements Cue {}

  /** Does nothing, for good. */
  record Silence() implements Cue {}
}
