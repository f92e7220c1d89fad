package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.surroundings.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;

/** The hooks of a node, in their order. Immutable. */
public final class Hooks {
  /** No hooks. */
  public static final Hooks NONE =
      new Hooks(List.of(), Duration.ofSeconds(30), Surroundings.OF_THE_SYSTEM);

  private final List<Hook> hooks;
  private final Duration limit;
  private final Surroundings surroundings;

  /**
   * The given hooks.
   *
   * @param limit how long each may take for one answer ({@code kantele.hooks.timeout})
   * @param surroundings where they get threads to run on
   * @throws IllegalArgumentException if a name is there twice, or is none
   */
  public Hooks(List<Hook> hooks, Duration limit, Surroundings surroundings) {
    this.hooks = List.copyOf(hooks);
    this.limit = requireNonNull(limit, "limit");
    this.surroundings = requireNonNull(surroundings, "surroundings");
    Set<String> names = new HashSet<>();
    for (Hook hook : this.hooks) {
      String name = hook.name();
      if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
        throw new IllegalArgumentException(
            "hook: '" + name + "' (expected: 1..64 characters of A-Za-z0-9._-)");
      }
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "hook: '" + name + "' is there twice (expected: one of each name)");
      }
    }
  }

  /** Whether nobody is to be asked. */
  public boolean isEmpty() {
    return hooks.isEmpty();
  }

  /** Asks before a call of a model; the outcome is what to call it with. */
  public HookRun<ModelRequest> beforeModel(ModelCall call, ActorSystem<?> system) {
    return HookRun.start(limit, surroundings, system, run -> beforeModel(run, call));
  }

  private HookOutcome<ModelRequest> beforeModel(HookRun<ModelRequest> run, ModelCall call)
      throws HookFailedException {
    ModelRequest request = call.request();
    for (Hook hook : hooks) {
      var next = new ModelCall(call.agent(), call.provider(), request);
      BeforeModel answer =
          run.ask(hook, "before a call of the model", () -> hook.beforeModel(next));
      switch (answer) {
        case BeforeModel.Proceed _ -> {}
        case BeforeModel.Change change -> request = change.applied(request);
        case BeforeModel.Veto(var reason) -> {
          return new HookOutcome.Vetoed<>(reason, /* again= */ false);
        }
      }
    }
    return new HookOutcome.Passed<>(request);
  }

  /** Asks after a call of a model, made with the request in {@code call}. */
  public HookRun<ModelReply> afterModel(ModelCall call, ModelReply reply, ActorSystem<?> system) {
    return HookRun.start(limit, surroundings, system, run -> afterModel(run, call, reply));
  }

  private HookOutcome<ModelReply> afterModel(
      HookRun<ModelReply> run, ModelCall call, ModelReply reply) throws HookFailedException {
    for (Hook hook : hooks.reversed()) {
      AfterModel answer =
          run.ask(hook, "after a call of the model", () -> hook.afterModel(call, reply));
      switch (answer) {
        case AfterModel.Proceed _ -> {}
        case AfterModel.Veto(var reason, var callAgain) -> {
          return new HookOutcome.Vetoed<>(reason, callAgain);
        }
      }
    }
    return new HookOutcome.Passed<>(reply);
  }

  /** Asks before a tool call; the outcome is who changed its arguments, in order. */
  public HookRun<List<ArgumentChange>> beforeTool(ToolUse use, ActorSystem<?> system) {
    return HookRun.start(limit, surroundings, system, run -> beforeTool(run, use));
  }

  private HookOutcome<List<ArgumentChange>> beforeTool(
      HookRun<List<ArgumentChange>> run, ToolUse use) throws HookFailedException {
    var changes = new ArrayList<ArgumentChange>();
    for (Hook hook : hooks) {
      ToolUse next = use.with(changes.isEmpty() ? use.arguments() : changes.getLast().arguments());
      BeforeTool answer =
          run.ask(
              hook, "before a call of the tool '" + use.tool() + "'", () -> hook.beforeTool(next));
      switch (answer) {
        case BeforeTool.Proceed _ -> {}
        case BeforeTool.Change(var arguments) ->
            changes.add(new ArgumentChange(hook.name(), arguments));
        case BeforeTool.Veto(var reason) -> {
          return new HookOutcome.Vetoed<>(reason, /* again= */ false);
        }
      }
    }
    return new HookOutcome.Passed<>(List.copyOf(changes));
  }

  /** Asks after a tool call; the outcome is what it ends with. */
  public HookRun<ToolResult> afterTool(ToolUse use, ToolResult result, ActorSystem<?> system) {
    return HookRun.start(limit, surroundings, system, run -> afterTool(run, use, result));
  }

  private HookOutcome<ToolResult> afterTool(HookRun<ToolResult> run, ToolUse use, ToolResult result)
      throws HookFailedException {
    ToolResult last = result;
    for (Hook hook : hooks.reversed()) {
      ToolUse copy = use.with(use.arguments());
      ToolResult shown = copy(last);
      AfterTool answer =
          run.ask(
              hook,
              "after a call of the tool '" + use.tool() + "'",
              () -> hook.afterTool(copy, shown));
      if (answer instanceof AfterTool.Change(var changed)) {
        last = changed;
      }
    }
    return new HookOutcome.Passed<>(last);
  }

  private static ToolResult copy(ToolResult result) {
    return switch (result) {
      case ToolResult.Output(var value) -> new ToolResult.Output(value);
      case ToolResult.Failed failed -> failed;
    };
  }
}
