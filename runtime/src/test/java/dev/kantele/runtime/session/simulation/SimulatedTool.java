package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Progress;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.session.simulation.Message.Happened;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One attempt at a tool call as its actor makes it: output, each piece after the one before was
 * taken in, an effect at some moment, and one outcome. It may die, take too long, not hear that it
 * is to stop, and say its outcome twice.
 */
final class SimulatedTool implements Child {
  private final World world;
  private final SimulatedSession session;
  private final EffectBook effects;
  private final int life;
  private final Effect.InvokeTool invoke;
  private int pieces;
  private int effectAfter;
  private boolean effectDone;
  private boolean stopIgnored;
  private boolean ended;
  private boolean reported;

  SimulatedTool(
      World world,
      SimulatedSession session,
      EffectBook effects,
      int life,
      Effect.InvokeTool invoke) {
    this.world = world;
    this.session = session;
    this.effects = effects;
    this.life = life;
    this.invoke = invoke;
    this.pieces = world.dice.below(9);
    this.effectAfter = world.dice.below(10);
  }

  @Override
  public String operation() {
    return invoke.invocation().value();
  }

  @Override
  public void begin() {
    world.time.in(1_000 + world.dice.below(400), this::outOfTime);
    world.time.in(world.dice.between(1, 100), invoke.reconcile() ? this::reconcile : this::goOn);
  }

  /** The tool tells the truth, or that it does not know. */
  private void reconcile() {
    if (ended) {
      return;
    }
    if (world.mishap(world.circumstances.oddities())) {
      die();
    } else if (world.dice.percent(15)) {
      end(new ToolOutcome.Unknown("The tool does not know"));
    } else if (effects.hasHappened(invoke.effectId())) {
      end(new ToolOutcome.Completed(output()));
    } else {
      effects.promisesNone(invoke);
      end(new ToolOutcome.NotDone());
    }
  }

  private void goOn() {
    if (ended) {
      return;
    }
    if (effectAfter-- == 0) {
      takeEffect();
    }
    if (world.mishap(world.circumstances.oddities() / 4)) {
      die();
    } else if (pieces > 0) {
      pieces--;
      say(this::taken);
    } else if (world.circumstances.hooks() && world.mishap(hookBreaks())) {
      takeEffect();
      befell(Mishap.RESULT_HOOK_BREAKS);
      end(new ToolOutcome.HookBroke(new Failure("hook_failed", "The hook broke", false)));
    } else if (world.dice.percent(stopIgnored ? 50 : 90)) {
      takeEffect();
      end(new ToolOutcome.Completed(output()));
    } else if (world.dice.percent(60)) {
      befell(Mishap.TOOL_FAILS);
      end(new ToolOutcome.Failed(new Failure("tool_failed", "The tool failed", false)));
    }
    /* Else it hangs until its time is up. */
  }

  private int hookBreaks() {
    return session.condition().isRare() ? 400 : 100;
  }

  private void takeEffect() {
    if (!effectDone) {
      effectDone = true;
      effects.happens(invoke);
    }
  }

  private void die() {
    befell(Mishap.TOOL_DIES);
    end(new ToolOutcome.Lost());
  }

  private void say(Runnable taken) {
    Optional<String> chunk =
        world.dice.percent(80)
            ? Optional.of(
                "line "
                    + world.dice.below(1_000)
                    + "\n"
                    + "-".repeat(world.dice.below(world.circumstances.pieces() + 1)))
            : Optional.empty();
    Optional<Progress> progress =
        chunk.isEmpty() || world.dice.percent(20)
            ? Optional.of(
                new Progress(
                    OptionalDouble.of(world.dice.below(100)),
                    OptionalDouble.empty(),
                    Optional.empty()))
            : Optional.empty();
    session.tell(
        new Happened(
            new Input.ToolSaid(invoke.invocation(), invoke.attempt(), chunk, progress),
            life,
            false,
            taken));
  }

  private void taken() {
    world.time.in(world.dice.below(120), this::goOn);
  }

  private JsonNode output() {
    return JsonNodeFactory.instance.objectNode().put("attempt", invoke.attempt());
  }

  private void outOfTime() {
    if (!ended) {
      befell(Mishap.TOOL_TIMES_OUT);
      end(new ToolOutcome.TimedOut(undone()));
    }
  }

  /** Whether what was stopped has left nothing behind, and says so. */
  private boolean undone() {
    if (!invoke.reconcile() && world.dice.percent(effectDone ? 20 : 60)) {
      effects.reportsUndone(invoke);
      return true;
    }
    return false;
  }

  private void end(ToolOutcome outcome) {
    if (ended) {
      return;
    }
    ended = true;
    report(outcome);
    if (world.mishap(world.circumstances.oddities())) {
      world.time.in(world.dice.below(200), () -> report(outcome));
    }
    if (world.mishap(world.circumstances.oddities())) {
      world.time.in(world.dice.below(200), () -> say(() -> {}));
    }
  }

  private void report(ToolOutcome outcome) {
    boolean again = reported;
    reported = true;
    session.tell(
        new Happened(
            new Input.ToolEnded(invoke.invocation(), invoke.attempt(), outcome),
            life,
            again,
            () -> {}));
  }

  @Override
  public void stop() {
    if (ended) {
      return;
    }
    if (world.dice.percent(50)) {
      stopIgnored = true;
      befell(Mishap.STOP_IGNORED);
      return;
    }
    world.time.in(
        world.dice.below(60),
        () -> {
          if (!ended) {
            end(new ToolOutcome.Stopped(undone()));
          }
        });
  }

  @Override
  public void abandon() {
    if (!ended && world.mishap(3 * world.circumstances.oddities())) {
      world.time.in(world.dice.below(900), () -> report(new ToolOutcome.Completed(output())));
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
