package dev.kantele.testkit;

import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.sequence.LogRules;
import dev.kantele.testkit.Faults.EventNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/**
 * Assertions over a session's log, by the rules that a subscriber may rely on ({@link LogRules}).
 *
 * {@snippet :
 * LogAssert.assertThatLog(node.log("s")).hasNoHole().hasOneTerminalPerTurn().endsAll();
 * }
 */
public final class LogAssert extends AbstractAssert<LogAssert, List<Event>> {
  private final List<String> violations = new ArrayList<>();
  private final List<String> open;

  private LogAssert(List<Event> log) {
    super(log, LogAssert.class);
    LogRules rules = LogRules.fromStart();
    log.forEach(event -> violations.addAll(rules.accept(event)));
    open = rules.open();
  }

  /** Begins with a log, from its first event. */
  public static LogAssert assertThatLog(List<Event> log) {
    return new LogAssert(log);
  }

  /** Each event goes on exactly where the one before ended, or says what it replaces. */
  public LogAssert hasNoHole() {
    return hasNone("a hole or a repeat", one -> one.contains("hole: ") || one.contains("repeat: "));
  }

  /** Each turn that was accepted ended, and once. */
  public LogAssert hasOneTerminalPerTurn() {
    isNotNull();
    Map<TurnId, Integer> ends = new LinkedHashMap<>();
    for (Event event : actual) {
      switch (event.body()) {
        case EventBody.TurnQueued queued -> ends.putIfAbsent(queued.turn(), 0);
        case EventBody.TurnCompleted end -> ends.merge(end.turn(), 1, Integer::sum);
        case EventBody.TurnFailed end -> ends.merge(end.turn(), 1, Integer::sum);
        case EventBody.TurnCancelled end -> ends.merge(end.turn(), 1, Integer::sum);
        default -> {}
      }
    }
    ends.forEach(
        (turn, count) -> {
          if (count != 1) {
            failWithMessage(
                "turn %s has %d terminal events (expected: 1)%n%s", turn, count, shown());
          }
        });
    return this;
  }

  /** Nothing is heard of what has ended, and streams and tool calls end before their turn does. */
  public LogAssert childrenEndBeforeParents() {
    return hasNone(
        "an end out of order",
        one ->
            one.contains(" before the end of ")
                || one.contains(" after its end")
                || one.contains(" after session.closed"));
  }

  /** The pieces of each stream make exactly the text with which it ends. */
  public LogAssert textEqualsDeltas() {
    return hasNone("other deltas than text", one -> one.matches("seq \\d+: stream \\S+: .*"));
  }

  /** Nothing violates any rule. */
  public LogAssert keepsAllRules() {
    return hasNone("a violation", _ -> true);
  }

  /** Nothing is open at its end: no turn, no stream, no tool call. */
  public LogAssert endsAll() {
    isNotNull();
    if (!open.isEmpty()) {
      failWithMessage("the log leaves open:%n%s%n%s", String.join("\n", open), shown());
    }
    return this;
  }

  /** These kinds of events are there in this order, with whatever between them. */
  public LogAssert hasInOrder(String... names) {
    names().containsSubsequence(names);
    return this;
  }

  /** There are exactly {@code times} events of this kind. */
  public LogAssert has(int times, String name) {
    names().filteredOn(name::equals).hasSize(times);
    return this;
  }

  /** There is no event of this kind. */
  public LogAssert hasNo(String name) {
    names().doesNotContain(name);
    return this;
  }

  /** The last message that the model completed has this text. */
  public LogAssert lastSays(String text) {
    isNotNull();
    String last =
        actual.stream()
            .map(Event::body)
            .filter(EventBody.StreamCompleted.class::isInstance)
            .map(body -> ((EventBody.StreamCompleted) body).message().text())
            .reduce("", (_, next) -> next);
    Assertions.assertThat(last).as("the text of the last message").isEqualTo(text);
    return this;
  }

  /** The names of the events, in order. */
  public ListAssert<String> names() {
    isNotNull();
    return Assertions.assertThat(
        actual.stream().map(event -> EventNames.of(event.body())).toList());
  }

  private LogAssert hasNone(String what, Predicate<String> kind) {
    isNotNull();
    List<String> found = violations.stream().filter(kind).toList();
    if (!found.isEmpty()) {
      failWithMessage("the log has %s:%n%s%n%s", what, String.join("\n", found), shown());
    }
    return this;
  }

  private String shown() {
    var lines = new ArrayList<String>();
    for (Event event : actual) {
      lines.add(event.covers() + " " + event.body());
    }
    return String.join("\n", lines);
  }

  /** The turns of the log, in the order in which they were accepted. */
  public ListAssert<TurnId> turns() {
    isNotNull();
    Set<TurnId> turns = new LinkedHashSet<>();
    for (Event event : actual) {
      if (event.body() instanceof EventBody.TurnQueued queued) {
        turns.add(queued.turn());
      }
    }
    return Assertions.assertThat(List.copyOf(turns));
  }
}
