package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.runtime.hook.ArgumentChange;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.ToolCheck;
import dev.kantele.runtime.session.simulation.Message.Happened;
import java.util.ArrayList;
import java.util.List;

/**
 * Hooks that are asked about a tool call, as their actor asks them. They may change the arguments,
 * object, break, answer although nobody waits any more, and say their answer twice.
 */
final class SimulatedCheck implements Child {
  private final World world;
  private final SimulatedSession session;
  private final ApprovalBook approvals;
  private final int life;
  private final Effect.CheckTool check;
  private boolean ended;
  private boolean reported;

  SimulatedCheck(
      World world,
      SimulatedSession session,
      ApprovalBook approvals,
      int life,
      Effect.CheckTool check) {
    this.world = world;
    this.session = session;
    this.approvals = approvals;
    this.life = life;
    this.check = check;
  }

  @Override
  public String operation() {
    return check.invocation().value();
  }

  @Override
  public void begin() {
    world.time.in(world.dice.between(1, 200), this::answer);
  }

  private void answer() {
    if (ended) {
      return;
    }
    ended = true;
    ToolCheck said = said();
    report(said);
    if (world.mishap(world.circumstances.oddities())) {
      world.time.in(world.dice.below(200), () -> report(said));
    }
  }

  private ToolCheck said() {
    if (world.mishap(100)) {
      befell(Mishap.HOOK_BREAKS);
      return new ToolCheck.Broke(new Failure("hook_failed", "The hook broke", false));
    }
    if (world.mishap(150)) {
      befell(Mishap.HOOK_OBJECTS);
      return new ToolCheck.Denied("The hook objects");
    }
    if (world.mishap(300)) {
      befell(Mishap.HOOK_CHANGES_ARGUMENTS);
      return new ToolCheck.Passed(changes());
    }
    return new ToolCheck.Passed(List.of());
  }

  private List<ArgumentChange> changes() {
    var changes = new ArrayList<ArgumentChange>();
    for (int hook = world.dice.between(1, 2); hook > 0; hook--) {
      JsonNode n =
          world.dice.percent(95)
              ? JsonNodeFactory.instance.numberNode(world.dice.below(100))
              : JsonNodeFactory.instance.textNode("not a number");
      changes.add(
          new ArgumentChange("h" + hook, JsonNodeFactory.instance.objectNode().set("n", n)));
    }
    return changes;
  }

  private void report(ToolCheck said) {
    boolean again = reported;
    reported = true;
    if (said instanceof ToolCheck.Passed(var changes)) {
      approvals.passed(check, changes);
    }
    session.tell(
        new Happened(new Input.ToolChecked(check.invocation(), said), life, again, () -> {}));
  }

  /** Nobody asks the hooks to stop. */
  @Override
  public void stop() {}

  @Override
  public void abandon() {
    if (!ended && world.mishap(3 * world.circumstances.oddities())) {
      world.time.in(world.dice.below(900), () -> report(new ToolCheck.Passed(List.of())));
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
