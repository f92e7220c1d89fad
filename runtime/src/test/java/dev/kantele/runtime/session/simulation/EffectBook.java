package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolRequested;
import dev.kantele.protocol.EventBody.ToolStarted;
import dev.kantele.protocol.EventBody.ToolTimedOut;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.tool.AskUserTool;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The world outside: which effects tools were asked for, and which took place. */
final class EffectBook {
  private final Findings findings;
  private final Map<EffectId, InvocationId> owners = new HashMap<>();
  private final Map<EffectId, Integer> runs = new HashMap<>();
  private final Set<EffectId> happened = new HashSet<>();
  private final Set<EffectId> mayRunAgain = new HashSet<>();

  /** Attempts, as "effect#attempt", that can have no effect any more. */
  private final Map<EffectId, Integer> fencedUpTo = new HashMap<>();

  private final Map<InvocationId, String> names = new HashMap<>();
  private final Map<InvocationId, Integer> attempts = new HashMap<>();
  private final Set<String> undone = new HashSet<>();

  EffectBook(Findings findings) {
    this.findings = findings;
  }

  /** A tool is run, or asked what became of an earlier run. */
  void invoked(Effect.InvokeTool invoke) {
    InvocationId owner = owners.putIfAbsent(invoke.effectId(), invoke.invocation());
    if (owner != null && !owner.equals(invoke.invocation())) {
      wrong(invoke + ": its effect id is that of " + owner);
    }
    ToolEffect effect = SimulatedCatalog.effectOf(invoke.tool());
    if (invoke.reconcile()) {
      if (effect != ToolEffect.RECONCILE) {
        wrong(invoke + ": the tool can't be asked");
      }
      return;
    }
    int run = runs.merge(invoke.effectId(), 1, Integer::sum);
    if (run > 1 && effect == ToolEffect.UNSAFE) {
      wrong(invoke + ": an unsafe tool runs again");
    }
    if (run > 1 && effect == ToolEffect.RECONCILE && !mayRunAgain.remove(invoke.effectId())) {
      wrong(invoke + ": it runs again although the tool did not say that it may");
    }
  }

  /** The effect of an attempt takes place, unless the tool has promised that it does not. */
  void happens(Effect.InvokeTool invoke) {
    if (invoke.attempt() <= fencedUpTo.getOrDefault(invoke.effectId(), 0)) {
      return;
    }
    boolean first = happened.add(invoke.effectId());
    ToolEffect effect = SimulatedCatalog.effectOf(invoke.tool());
    if (!first && (effect == ToolEffect.UNSAFE || effect == ToolEffect.RECONCILE)) {
      wrong(invoke + ": its effect took place twice");
    }
  }

  boolean hasHappened(EffectId effect) {
    return happened.contains(effect);
  }

  /** The tool promises that attempts before {@code invoke} have no effect, now or later. */
  void promisesNone(Effect.InvokeTool invoke) {
    mayRunAgain.add(invoke.effectId());
    fencedUpTo.put(invoke.effectId(), invoke.attempt());
  }

  /** A stopped attempt reports that it has left nothing behind. */
  void reportsUndone(Effect.InvokeTool invoke) {
    happened.remove(invoke.effectId());
    fencedUpTo.put(invoke.effectId(), invoke.attempt());
    undone.add(invoke.invocation() + "#" + invoke.attempt());
  }

  /** Takes in a row that is in the journal now. */
  void durable(JournalRecord row) {
    if (row.content() instanceof Visible(var body)) {
      durable(body);
    }
  }

  private void durable(EventBody.Durable body) {
    switch (body) {
      case ToolRequested requested -> names.put(requested.invocation(), requested.name());
      case ToolStarted(_, var invocation, var effect, var attempt) -> {
        attempts.put(invocation, attempt);
        InvocationId owner = owners.putIfAbsent(effect, invocation);
        if (owner != null && !owner.equals(invocation)) {
          wrong("effect " + effect + " is that of " + owner + " and of " + invocation);
        }
      }
      case ToolCompleted(_, var invocation, var output) -> {
        boolean runs = !names.getOrDefault(invocation, "").equals(AskUserTool.NAME);
        if (runs && output.path("attempt").asInt() != attempts.getOrDefault(invocation, 0)) {
          wrong(
              "%s ended with %s of another attempt (expected: %d)"
                  .formatted(invocation, output, attempts.get(invocation)));
        }
      }
      case ToolCancelled(_, var invocation, _) -> denied(invocation);
      case ToolTimedOut(_, var invocation, _) -> denied(invocation);
      default -> {}
    }
  }

  /* What is not undone must not be said to be, where the tool is unsafe. */
  private void denied(InvocationId invocation) {
    int attempt = attempts.getOrDefault(invocation, 0);
    boolean unsafe =
        SimulatedCatalog.effectOf(names.getOrDefault(invocation, "")) == ToolEffect.UNSAFE;
    if (attempt > 0 && unsafe && !undone.contains(invocation + "#" + attempt)) {
      wrong(invocation + " was unsafe and not undone, but its end does not say so");
    }
  }

  private void wrong(String sentence) {
    findings.add(Rule.EFFECTS_DO_NOT_DOUBLE, sentence);
  }
}
