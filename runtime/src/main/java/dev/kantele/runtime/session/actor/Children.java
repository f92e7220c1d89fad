package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StreamId;
import dev.kantele.runtime.hook.ArgumentChange;
import dev.kantele.runtime.hook.HookOutcome;
import dev.kantele.runtime.hook.HookRun;
import dev.kantele.runtime.hook.ModelCall;
import dev.kantele.runtime.hook.ToolUse;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.Input.ToolCheck;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.session.actor.SessionMessage.Happened;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The running model streams and tool calls of one life of a session. Each is watched: one that dies
 * without an outcome is reported as lost. Confined to the session's actor.
 */
final class Children {
  /** Stands for the attempt of a stream, and of a call that has none yet. */
  private static final int NONE = 0;

  private static final Failure HOOKS_DIED =
      new Failure(HookRun.CODE, "the hooks' actor died", /* retryable= */ false);

  private final SessionId session;
  private final ActorContext<SessionMessage> context;
  private final SessionEnvironment environment;
  private final Map<String, Child> children = new HashMap<>();

  /** {@code attempt} is a tool call's; of a stream each attempt is a stream of its own. */
  private record Child(ActorRef<?> ref, int attempt, Runnable stop) {}

  Children(
      SessionId session, ActorContext<SessionMessage> context, SessionEnvironment environment) {
    this.session = session;
    this.context = context;
    this.environment = environment;
  }

  void call(Effect.CallModel call) {
    StreamId stream = call.request().stream();
    Optional<ModelProvider> provider = environment.providers().apply(call.provider());
    Happened lost = broke(stream, "crashed", "the stream's actor died");
    if (provider.isEmpty()) {
      context
          .getSelf()
          .tell(broke(stream, "model_not_found", "there is no provider " + call.provider()));
      return;
    }
    ActorRef<StreamActor.Command> ref =
        context.spawn(
            StreamActor.create(model(provider.get(), call), call.request(), context.getSelf()),
            "stream-" + stream);
    context.watchWith(ref, lost);
    children.put(stream.value(), new Child(ref, NONE, () -> ref.tell(new StreamActor.Stop())));
  }

  private static Happened broke(StreamId stream, String code, String message) {
    return new Happened(
        new Input.StreamEnded(
            stream, new StreamOutcome.Broke(new Failure(code, message, /* retryable= */ true))));
  }

  private Source<ModelEvent, NotUsed> model(ModelProvider provider, Effect.CallModel call) {
    Function<ModelRequest, Source<ModelEvent, NotUsed>> model =
        request -> provider.stream(request).via(new SilenceLimit<>(call.idleLimit()));
    if (environment.hooks().isEmpty()) {
      return plain(model, call.request());
    }
    var hooked = new ModelCall(call.agent(), call.provider(), call.request());
    return HookedModel.of(model, hooked, environment.hooks(), context.getSystem());
  }

  /* As with tools: what a provider throws ends its call only. */
  private static Source<ModelEvent, NotUsed> plain(
      Function<ModelRequest, Source<ModelEvent, NotUsed>> model, ModelRequest request) {
    try {
      return model.apply(request);
    } catch (Throwable e) {
      return Source.failed(e);
    }
  }

  /** Asks the hooks about a call that may start. */
  void check(Effect.CheckTool check) {
    InvocationId invocation = check.invocation();
    var use =
        new ToolUse(
            session, check.turn(), invocation, check.agent(), check.tool(), check.arguments());
    check(
        invocation,
        () -> environment.hooks().beforeTool(use, context.getSystem()),
        said -> new Input.ToolChecked(invocation, check(said)),
        new Input.ToolChecked(invocation, new ToolCheck.Broke(HOOKS_DIED)));
  }

  private static ToolCheck check(HookOutcome<List<ArgumentChange>> outcome) {
    return switch (outcome) {
      case HookOutcome.Passed(var changes) -> new ToolCheck.Passed(changes);
      case HookOutcome.Vetoed(var reason, _) -> new ToolCheck.Denied(reason);
      case HookOutcome.Broke(var failure) -> new ToolCheck.Broke(failure);
    };
  }

  /** Asks the hooks about what a client or a person has answered. */
  void check(Effect.CheckResult check) {
    InvocationId invocation = check.invocation();
    var use =
        new ToolUse(
            session, check.turn(), invocation, check.agent(), check.tool(), check.arguments());
    check(
        invocation,
        () -> environment.hooks().afterTool(use, check.result(), context.getSystem()),
        said -> new Input.ResultChecked(invocation, ToolActor.outcome(said)),
        new Input.ResultChecked(invocation, new ToolOutcome.HookBroke(HOOKS_DIED)));
  }

  private <T> void check(
      InvocationId invocation,
      Supplier<HookRun<T>> hooks,
      Function<HookOutcome<T>, Input> said,
      Input died) {
    /* Without a name: a life that follows at once may ask about the same call. */
    ActorRef<?> ref = context.spawnAnonymous(CheckActor.create(hooks, said, context.getSelf()));
    context.watchWith(ref, new Happened(died));
    children.put(invocation.value(), new Child(ref, NONE, () -> context.stop(ref)));
  }

  void invoke(Effect.InvokeTool invoke) {
    Optional<Tool> tool = environment.tools().apply(invoke.tool());
    if (tool.isEmpty()) {
      context
          .getSelf()
          .tell(
              ended(
                  invoke,
                  new ToolOutcome.Failed(
                      new Failure("tool_not_found", "there is no tool " + invoke.tool(), false))));
      return;
    }
    var call =
        new ToolCall(
            session,
            invoke.turn(),
            invoke.invocation(),
            invoke.effectId(),
            invoke.attempt(),
            invoke.arguments());
    ActorRef<ToolActor.Command> ref =
        context.spawn(
            ToolActor.create(
                tool.get(),
                call,
                invoke.reconcile(),
                environment.surroundings().threads(),
                resultHooks(invoke),
                context.getSelf()),
            "tool-" + invoke.invocation() + "-" + invoke.attempt());
    context.watchWith(ref, ended(invoke, new ToolOutcome.Lost()));
    children.put(
        invoke.invocation().value(),
        new Child(ref, invoke.attempt(), () -> ref.tell(new ToolActor.Stop())));
  }

  private ToolActor.ResultHooks resultHooks(Effect.InvokeTool invoke) {
    if (environment.hooks().isEmpty()) {
      return _ -> null;
    }
    var use =
        new ToolUse(
            session,
            invoke.turn(),
            invoke.invocation(),
            invoke.agent(),
            invoke.tool(),
            invoke.arguments());
    return result -> environment.hooks().afterTool(use, result, context.getSystem());
  }

  private static Happened ended(Effect.InvokeTool invoke, ToolOutcome outcome) {
    return new Happened(new Input.ToolEnded(invoke.invocation(), invoke.attempt(), outcome));
  }

  /** Asks a child to stop and say so. */
  void stop(String operation) {
    Child child = children.get(operation);
    if (child != null) {
      child.stop().run();
    }
  }

  /** Ends a child without waiting for what it says. */
  void abandon(String operation) {
    Child child = children.remove(operation);
    if (child != null) {
      context.stop(child.ref());
    }
  }

  /**
   * Forgets a child that has reported its outcome. A call that is tried again has another child by
   * then, which is not meant.
   */
  void ended(Input input) {
    switch (input) {
      case Input.StreamEnded(var stream, _) -> ended(stream.value(), NONE);
      case Input.ToolChecked(var invocation, _) -> ended(invocation.value(), NONE);
      case Input.ResultChecked(var invocation, _) -> ended(invocation.value(), NONE);
      case Input.ToolEnded(var invocation, var attempt, _) -> ended(invocation.value(), attempt);
      case Input.Commanded _,
          Input.ModelSaid _,
          Input.ToolSaid _,
          Input.TimerFired _,
          Input.Recovered _ -> {}
    }
  }

  private void ended(String operation, int attempt) {
    Child child = children.get(operation);
    if (child != null && child.attempt() == attempt) {
      context.unwatch(child.ref());
      children.remove(operation);
    }
  }

  /** Ends what an earlier life left running. */
  void abandonAll() {
    children.values().forEach(child -> context.stop(child.ref()));
    children.clear();
  }
}
