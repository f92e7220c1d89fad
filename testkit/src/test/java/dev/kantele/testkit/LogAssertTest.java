package dev.kantele.testkit;

import static dev.kantele.testkit.LogAssert.assertThatLog;
import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.ToolEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Each assertion holds for a log as it should be, and fails for one in which just that is wrong.
 */
@KanteleTest
final class LogAssertTest {
  private static List<Event> log(TestNode node) {
    node.tool("look", ToolEffect.READ_ONLY);
    node.model().turn(says("I look.").thenCalls("look", Map.of()), says("It is blue."));
    node.time().await(node.open("s").prompt("What colour?").result());
    return node.log("s");
  }

  private static List<Event> without(List<Event> log, Predicate<EventBody> which) {
    return log.stream().filter(event -> !which.test(event.body())).toList();
  }

  private static List<Event> renumbered(List<Event> log) {
    var renumbered = new ArrayList<Event>();
    for (Event event : log) {
      renumbered.add(
          new Event(event.session(), Covers.of(renumbered.size() + 1), event.at(), event.body()));
    }
    return renumbered;
  }

  private static List<Event> with(List<Event> log, UnaryOperator<EventBody> change) {
    return log.stream()
        .map(
            event ->
                new Event(event.session(), event.covers(), event.at(), change.apply(event.body())))
        .toList();
  }

  private static void fails(ThrowingCallable assertion, String because) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContaining(because);
  }

  @Test
  void a_log_as_it_should_be_passes_all(TestNode node) {
    assertThatLog(log(node))
        .hasNoHole()
        .hasOneTerminalPerTurn()
        .childrenEndBeforeParents()
        .textEqualsDeltas()
        .keepsAllRules()
        .endsAll()
        .hasInOrder("turn.queued", "tool.started", "tool.completed", "turn.completed")
        .has(2, "stream.completed")
        .hasNo("turn.failed")
        .lastSays("It is blue.")
        .turns()
        .hasSize(1);
  }

  @Test
  void a_hole_is_found(TestNode node) {
    List<Event> holed = without(log(node), EventBody.TextDelta.class::isInstance);

    fails(() -> assertThatLog(holed).hasNoHole(), "hole: ");
    fails(() -> assertThatLog(holed).keepsAllRules(), "hole: ");
    assertThatLog(holed).hasOneTerminalPerTurn().childrenEndBeforeParents();
  }

  @Test
  void a_turn_without_an_end_is_found(TestNode node) {
    List<Event> open = without(log(node), EventBody.TurnCompleted.class::isInstance);

    fails(() -> assertThatLog(open).hasOneTerminalPerTurn(), "has 0 terminal events");
    fails(() -> assertThatLog(open).endsAll(), "leaves open");
    assertThatLog(open).hasNoHole().childrenEndBeforeParents();
  }

  @Test
  void a_turn_that_ends_twice_is_found(TestNode node) {
    List<Event> log = log(node);
    var twice = new ArrayList<>(log);
    twice.add(log.getLast());
    List<Event> both = renumbered(twice);

    fails(() -> assertThatLog(both).hasOneTerminalPerTurn(), "has 2 terminal events");
    fails(() -> assertThatLog(both).childrenEndBeforeParents(), "after its end");
  }

  @Test
  void a_child_that_ends_after_its_parent_is_found(TestNode node) {
    List<Event> log = log(node);
    var late = new ArrayList<>(without(log, EventBody.ToolCompleted.class::isInstance));
    List<Event> swapped = renumbered(late);

    fails(() -> assertThatLog(swapped).childrenEndBeforeParents(), "before the end of invocation");
    assertThatLog(swapped).hasNoHole().hasOneTerminalPerTurn();
  }

  @Test
  void another_text_than_was_streamed_is_found(TestNode node) {
    List<Event> other =
        with(
            log(node),
            body ->
                body instanceof EventBody.TextDelta delta && delta.text().startsWith("It")
                    ? new EventBody.TextDelta(delta.turn(), delta.stream(), delta.part(), "Is")
                    : body);

    fails(() -> assertThatLog(other).textEqualsDeltas(), "stream ");
    assertThatLog(other).hasNoHole().hasOneTerminalPerTurn().childrenEndBeforeParents();
  }

  @Test
  void what_is_said_and_what_is_there_is_compared(TestNode node) {
    List<Event> log = log(node);

    fails(() -> assertThatLog(log).lastSays("It is red."), "It is red.");
    fails(() -> assertThatLog(log).hasInOrder("turn.completed", "turn.started"), "turn.started");
    fails(() -> assertThatLog(log).has(3, "stream.completed"), "3");
    fails(() -> assertThatLog(log).hasNo("tool.started"), "tool.started");
    assertThat(log).isNotEmpty();
  }

  @Test
  void a_call_of_a_tool_that_is_not_there_is_in_the_log(TestNode node) {
    node.model().turn(calls("nothing", Map.of()), says("Well."));

    node.time().await(node.open("s").prompt("go").result());

    assertThatLog(node.log("s")).keepsAllRules().hasInOrder("tool.requested", "tool.failed");
  }
}
