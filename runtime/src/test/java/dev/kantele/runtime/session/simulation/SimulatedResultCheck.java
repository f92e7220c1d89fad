package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.session.simulation.Message.Happened;

/**
 * Hooks that are asked about what a client or a person has answered. They may make something else
 * of it, break, answer although nobody waits any more, and say their answer twice.
 */
final class SimulatedResultCheck implements Child {
  private final World world;
  private final SimulatedSession session;
  private final ApprovalBook book;
  private final int life;
  private final Effect.CheckResult check;
  private boolean ended;
  private boolean reported;

  SimulatedResultCheck(
      World world,
      SimulatedSession session,
      ApprovalBook book,
      int life,
      Effect.CheckResult check) {
    this.world = world;
    this.session = session;
    this.book = book;
    this.life = life;
    this.check = check;
  }

  @Override
  public String operation() {
    return check.invocation().value();
  }

  @Override
  public void begin() {
    world.time.in(world.dice.between(1, 250), this::answer);
  }

  private void answer() {
    if (ended) {
      return;
    }
    ended = true;
    ToolOutcome said = said();
    report(said);
    if (world.mishap(world.circumstances.oddities())) {
      world.time.in(world.dice.below(200), () -> report(said));
    }
  }

  private ToolOutcome said() {
    if (world.mishap(200)) {
      befell(Mishap.ANSWER_HOOK_BREAKS);
      return new ToolOutcome.HookBroke(new Failure("hook_failed", "The hook broke", false));
    }
    if (world.mishap(350)) {
      befell(Mishap.HOOK_CHANGES_ANSWER);
      return outcome(changed());
    }
    return outcome(check.result());
  }

  /* What a tool's effect book reads of an output stays in it. */
  private ToolResult changed() {
    if (world.dice.percent(30)) {
      return new ToolResult.Failed(new Failure("changed", "The hook changed it", false));
    }
    JsonNode output =
        JsonNodeFactory.instance
            .objectNode()
            .put("attempt", 1)
            .put("changed", world.dice.below(1_000));
    return new ToolResult.Output(output);
  }

  private ToolOutcome outcome(ToolResult result) {
    book.made(check, result);
    return switch (result) {
      case ToolResult.Output(var value) -> new ToolOutcome.Completed(value);
      case ToolResult.Failed(var failure) -> new ToolOutcome.Failed(failure);
    };
  }

  private void report(ToolOutcome said) {
    boolean again = reported;
    reported = true;
    session.tell(
        new Happened(new Input.ResultChecked(check.invocation(), said), life, again, () -> {}));
  }

  /** Nobody asks the hooks to stop. */
  @Override
  public void stop() {}

  @Override
  public void abandon() {
    if (!ended && world.mishap(3 * world.circumstances.oddities())) {
      world.time.in(world.dice.below(900), () -> report(outcome(check.result())));
    }
    ended = true;
  }

  @Override
  public void orphan() {
    if (!ended && world.dice.percent(50)) {
      ended = true;
    }
  }

  private void befell(Mishap mishap) {
    if (session.lifeNumber() == life && !session.isDown()) {
      session.befell(mishap);
    }
  }
}
