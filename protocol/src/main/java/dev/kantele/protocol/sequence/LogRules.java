package dev.kantele.protocol.sequence;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks one subscriber's events against all that it may rely on (docs/protocol.md, "What a
 * subscriber may rely on", rules 1 to 4). Feed it every event in the order of arrival, over all
 * connections of the subscriber. It holds the text of what is open and the ids of what has ended.
 * Confined to one thread.
 */
public final class LogRules {
  private static final int MAX_VIOLATIONS = 1_000;

  private final OperationRules operations;
  private final List<String> violations = new ArrayList<>();
  private EventCursor cursor;
  private @Nullable SessionId session;

  private LogRules(long after) {
    this.cursor = EventCursor.after(after);
    this.operations = new OperationRules(/* knowsAll= */ after == 0);
  }

  /** A subscriber that sees a log from its first event. */
  public static LogRules fromStart() {
    return new LogRules(0);
  }

  /**
   * A subscriber that attached after number {@code last}; what began before is taken on when it is
   * first heard of.
   */
  public static LogRules after(long last) {
    return new LogRules(last);
  }

  /**
   * Checks the next event.
   *
   * @return what it violates, a sentence each
   */
  public List<String> accept(Event event) {
    List<String> found = new ArrayList<>();
    if (session == null) {
      session = event.session();
    } else if (!session.equals(event.session())) {
      found.add("session is " + event.session() + " (expected: " + session + ")");
    }
    if (step(event, found)) {
      if (skips(event)) {
        operations.numbersSkipped();
      }
      operations.accept(event.body(), found::add);
    }
    List<String> sentences =
        found.stream().map(what -> "seq %d: %s.".formatted(event.seq(), what)).toList();
    sentences.stream().limit(MAX_VIOLATIONS - violations.size()).forEach(violations::add);
    return sentences;
  }

  /** Returns the first 1,000 violations so far. */
  public List<String> violations() {
    return Collections.unmodifiableList(violations);
  }

  /** Returns a sentence for each turn, stream and tool call that has not ended. */
  public List<String> open() {
    return operations.open();
  }

  /** The number up to which everything has come. */
  public long last() {
    return cursor.last();
  }

  /** Moves the cursor; false if the event was seen before. */
  private boolean step(Event event, List<String> found) {
    return switch (cursor.accept(event.covers(), event.body())) {
      case EventCursor.Step.Accepted(var next) -> {
        cursor = next;
        yield true;
      }
      case EventCursor.Step.Hole(var expected, var got) -> {
        found.add("hole: from is " + got.from() + " (expected: " + expected + ")");
        cursor = EventCursor.after(Math.max(cursor.last(), got.to()));
        operations.eventsMissed();
        yield true;
      }
      case EventCursor.Step.Repeat(var expected, var got) -> {
        found.add("repeat: from is " + got.from() + " (expected: " + expected + ")");
        cursor = EventCursor.after(Math.max(cursor.last(), got.to()));
        yield false;
      }
    };
  }

  /** Whether the event stands for others whose content it does not hold. */
  private static boolean skips(Event event) {
    return event.covers().from() < event.covers().to()
        && !(event.body() instanceof EventBody.Catchup)
        && !(event.body() instanceof EventBody.SessionSnapshot);
  }
}
