package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.session.OpenCall;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The part of a client that runs tools: it reports, answers, answers again, and is late. */
final class SimulatedWorker {
  private final World world;
  private final SimulatedSession session;
  private final ClientKey key;

  /** The calls that were seen to run here, in this order. */
  private final Set<InvocationId> seen = new LinkedHashSet<>();

  SimulatedWorker(World world, SimulatedSession session, ClientKey key) {
    this.world = world;
    this.session = session;
    this.key = key;
  }

  /** What the client says of a call that it runs, did run, or that somebody else runs. */
  Optional<Command.OfSession> reply(Supplier<CommandId> id) {
    List<OpenCall> running =
        session.state().turn().stream()
            .flatMap(turn -> turn.calls().stream())
            .filter(OpenCall::isRunningElsewhere)
            .toList();
    running.stream()
        .filter(call -> isMine(call) || world.dice.percent(10))
        .map(OpenCall::invocation)
        .forEach(seen::add);
    boolean mine = running.stream().anyMatch(this::isMine);
    if (seen.isEmpty() || !world.dice.percent(mine ? 75 : 8)) {
      return Optional.empty();
    }
    List<InvocationId> known = List.copyOf(seen);
    InvocationId call = known.get(Math.max(0, known.size() - 1 - (world.dice.percent(80) ? 0 : 1)));
    return Optional.of(world.dice.percent(30) ? progress(id.get(), call) : result(id.get(), call));
  }

  private boolean isMine(OpenCall call) {
    return call.runsOn().filter(offer -> offer.client().equals(key)).isPresent();
  }

  private Command.OfSession progress(CommandId id, InvocationId call) {
    return new Command.ToolProgress(
        id, SimulatedSession.ID, call, Optional.of("so far " + id), Optional.empty());
  }

  private Command.OfSession result(CommandId id, InvocationId call) {
    boolean works = world.dice.percent(80);
    return new Command.ToolResult(
        id,
        SimulatedSession.ID,
        call,
        works
            ? Optional.of(JsonNodeFactory.instance.objectNode().put("attempt", 1))
            : Optional.empty(),
        works ? Optional.empty() : Optional.of(new Failure("broken", "It broke", false)));
  }
}
