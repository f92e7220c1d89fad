package dev.kantele.runtime.session;

import dev.kantele.protocol.EventBody;
import dev.kantele.runtime.log.JournalRecord;
import java.util.List;

/**
 * What comes of an input: rows to write in one atomic write, and, once they are durable, live
 * events to number and effects to perform. Without rows, those at once.
 */
public record Step(List<JournalRecord> rows, List<EventBody.Live> live, List<Effect> effects) {
  /** Nothing. */
  public static final Step NOTHING = new Step(List.of(), List.of(), List.of());

  public Step {
    rows = List.copyOf(rows);
    live = List.copyOf(live);
    effects = List.copyOf(effects);
  }
}
