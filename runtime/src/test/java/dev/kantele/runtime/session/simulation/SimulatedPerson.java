package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.RequestId;
import dev.kantele.runtime.session.OpenCall;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Somebody who sees what a session waits for, and decides and answers: in time or late, as asked or
 * not, and again what was decided before.
 */
final class SimulatedPerson {
  private final World world;
  private final SimulatedSession session;

  /** What was seen to wait, in this order. */
  private final Set<InvocationId> approvals = new LinkedHashSet<>();

  private final Set<InvocationId> questions = new LinkedHashSet<>();

  SimulatedPerson(World world, SimulatedSession session) {
    this.world = world;
    this.session = session;
  }

  /** What the person does about something that waits, or, with luck, that did. */
  Optional<Command.OfSession> reply(Supplier<CommandId> id) {
    session.state().turn().stream()
        .flatMap(turn -> turn.calls().stream())
        .filter(OpenCall::isWaiting)
        .forEach(
            call -> (call.isAwaitingApproval() ? approvals : questions).add(call.invocation()));
    boolean asked = session.condition() == Condition.AWAITING_PEOPLE;
    if (!world.dice.percent(asked ? 70 : 14)) {
      return Optional.empty();
    }
    boolean answers = !questions.isEmpty() && (approvals.isEmpty() || world.dice.percent(50));
    if (answers) {
      return Optional.of(answer(id.get(), recent(questions)));
    }
    return approvals.isEmpty()
        ? Optional.empty()
        : Optional.of(decide(id.get(), recent(approvals)));
  }

  private InvocationId recent(Set<InvocationId> seen) {
    List<InvocationId> known = List.copyOf(seen);
    int back = world.dice.percent(75) ? 0 : world.dice.below(4);
    return known.get(Math.max(0, known.size() - 1 - back));
  }

  private Command.OfSession decide(CommandId id, InvocationId invocation) {
    return new Command.ToolDecide(
        id,
        SimulatedSession.ID,
        invocation,
        world.dice.percent(70) ? Decision.APPROVE : Decision.DENY,
        edited(),
        Optional.empty());
  }

  private Optional<JsonNode> edited() {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    return switch (world.dice.below(5)) {
      case 0 -> Optional.of(arguments.put("n", world.dice.below(100)));
      case 1 -> Optional.of(arguments.put("n", "not a number"));
      default -> Optional.empty();
    };
  }

  private Command.OfSession answer(CommandId id, InvocationId invocation) {
    Optional<JsonNode> content =
        switch (world.dice.below(4)) {
          case 0 -> Optional.of(JsonNodeFactory.instance.textNode("red"));
          case 1 -> Optional.of(JsonNodeFactory.instance.textNode("green"));
          case 2 -> Optional.of(JsonNodeFactory.instance.numberNode(world.dice.below(100)));
          default -> Optional.empty();
        };
    return new Command.InputAnswer(
        id,
        SimulatedSession.ID,
        new RequestId(invocation.value()),
        content,
        content.isPresent() ? Optional.empty() : Optional.of(true));
  }
}
