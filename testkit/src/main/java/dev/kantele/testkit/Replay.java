package dev.kantele.testkit;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recorded session, and what came of it when it was played again.
 *
 * @param recorded the log then
 * @param replayed the log now
 */
public record Replay(List<Event> recorded, List<Event> replayed) {
  public Replay {
    recorded = List.copyOf(recorded);
    replayed = List.copyOf(replayed);
  }

  /**
   * Where the two differ in what an agent is responsible for, a sentence each: which tools were
   * asked for and what became of that, what was said, and how turns ended.
   */
  public List<String> differences() {
    List<String> then = outline(recorded);
    List<String> now = outline(replayed);
    var differences = new ArrayList<String>();
    for (int i = 0; i < Math.max(then.size(), now.size()); i++) {
      String before = i < then.size() ? then.get(i) : "nothing";
      String after = i < now.size() ? now.get(i) : "nothing";
      if (!before.equals(after)) {
        differences.add("%d. was: %s; is: %s".formatted(i + 1, before, after));
      }
    }
    return differences;
  }

  private static List<String> outline(List<Event> log) {
    return log.stream().map(event -> line(event.body())).flatMap(Optional::stream).toList();
  }

  private static Optional<String> line(EventBody body) {
    return switch (body) {
      case EventBody.StreamCompleted end -> Optional.of("said \"" + end.message().text() + "\"");
      case EventBody.ToolRequested call ->
          Optional.of(
              call.name() + call.arguments().map(Object::toString).orElse(" without arguments"));
      case EventBody.ToolCompleted end -> Optional.of("gave " + end.output());
      case EventBody.ToolFailed end -> Optional.of("failed: " + end.error().code());
      case EventBody.ToolDenied _ -> Optional.of("denied");
      case EventBody.ToolCancelled _ -> Optional.of("cancelled");
      case EventBody.ToolTimedOut _ -> Optional.of("timed out");
      case EventBody.ToolUnknown _ -> Optional.of("unknown");
      case EventBody.TurnCompleted end -> Optional.of("turn completed: " + end.stopReason());
      case EventBody.TurnFailed end -> Optional.of("turn failed: " + end.error().code());
      case EventBody.TurnCancelled _ -> Optional.of("turn cancelled");
      default -> Optional.empty();
    };
  }
}
