package dev.kantele.runtime.session.actor;

import dev.kantele.runtime.model.ModelEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds a provider to what {@link dev.kantele.runtime.model.ModelProvider#stream} promises: parts
 * are numbered from 0 in the order in which they begin, and each keeps its kind.
 */
final class PartOrder {
  private enum Kind {
    TEXT,
    REASONING,
    CALL
  }

  private final List<Kind> parts = new ArrayList<>();

  /** Takes in the next event, and says what is wrong with it, if anything is. */
  Optional<String> accept(ModelEvent event) {
    return switch (event) {
      case ModelEvent.TextDelta(var part, _) -> goesOn(part, Kind.TEXT);
      case ModelEvent.ReasoningDelta(var part, _) -> goesOn(part, Kind.REASONING);
      case ModelEvent.ReasoningSigned(var part, _) -> goesOn(part, Kind.REASONING);
      case ModelEvent.ToolCallStarted(var part, _) -> begins(part, Kind.CALL);
      case ModelEvent.ToolCallDelta(var part, _) -> isOpen(part, Kind.CALL);
      case ModelEvent.Finished _, ModelEvent.Failed _ -> Optional.empty();
    };
  }

  private Optional<String> goesOn(int part, Kind kind) {
    return part == parts.size() ? begins(part, kind) : isOpen(part, kind);
  }

  private Optional<String> begins(int part, Kind kind) {
    if (part != parts.size()) {
      return Optional.of("part: " + part + " begins (expected: " + parts.size() + ")");
    }
    parts.add(kind);
    return Optional.empty();
  }

  private Optional<String> isOpen(int part, Kind kind) {
    if (part < 0 || part >= parts.size()) {
      return Optional.of("part: " + part + " (expected: less than " + parts.size() + ")");
    }
    return parts.get(part) == kind
        ? Optional.empty()
        : Optional.of("part: " + part + " is " + kind + " (expected: " + parts.get(part) + ")");
  }
}
