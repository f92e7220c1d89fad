package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.hook.HookOutcome;
import dev.kantele.runtime.hook.HookRun;
import dev.kantele.runtime.hook.Hooks;
import dev.kantele.runtime.hook.ModelCall;
import dev.kantele.runtime.hook.ModelReply;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.surroundings.DirectStage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * A model call with the hooks before and after it. What they object to is the call's failure.
 * Cancelling the source, at any time, ends the hooks, too. To be run once.
 */
final class HookedModel {
  private final ModelCall call;
  private final Hooks hooks;
  private final ActorSystem<?> system;
  private final ReplyBuilder reply;

  /** The hooks that are asked at the moment; set by whatever thread runs the source. */
  private final AtomicReference<@Nullable HookRun<?>> asked = new AtomicReference<>();

  private HookedModel(ModelCall call, Hooks hooks, ActorSystem<?> system) {
    this.call = call;
    this.hooks = hooks;
    this.system = system;
    this.reply = new ReplyBuilder(call.request().stream());
  }

  /** Returns {@code model}, called with what the hooks make of the request in {@code call}. */
  static Source<ModelEvent, NotUsed> of(
      Function<ModelRequest, Source<ModelEvent, NotUsed>> model,
      ModelCall call,
      Hooks hooks,
      ActorSystem<?> system) {
    var hooked = new HookedModel(call, hooks, system);
    return Source.lazySource(() -> hooked.source(model))
        .watchTermination(
            (_, ended) -> {
              var _ = DirectStage.of(ended).whenComplete((_, _) -> hooked.cancel());
              return NotUsed.getInstance();
            });
  }

  private Source<ModelEvent, CompletionStage<NotUsed>> source(
      Function<ModelRequest, Source<ModelEvent, NotUsed>> model) {
    HookRun<ModelRequest> before = hooks.beforeModel(call, system);
    asked.set(before);
    return Source.completionStageSource(
        before
            .outcome()
            .thenApply(
                said ->
                    switch (said) {
                      case HookOutcome.Passed(var request) -> called(model, request);
                      case HookOutcome.Vetoed<ModelRequest> veto -> failed(veto.failure());
                      case HookOutcome.Broke(var failure) -> failed(failure);
                    }));
  }

  private Source<ModelEvent, NotUsed> called(
      Function<ModelRequest, Source<ModelEvent, NotUsed>> model, ModelRequest request) {
    var made = new ModelCall(call.agent(), call.provider(), request);
    return model.apply(request).mapAsync(1, event -> checked(made, event));
  }

  private CompletionStage<ModelEvent> checked(ModelCall made, ModelEvent event) {
    reply.accept(event);
    Optional<Message> message =
        event instanceof ModelEvent.Finished ? reply.message() : Optional.empty();
    if (message.isEmpty() || !(event instanceof ModelEvent.Finished(var reason, var usage))) {
      return CompletableFuture.completedFuture(event);
    }
    HookRun<ModelReply> after =
        hooks.afterModel(made, new ModelReply(message.get(), usage, reason), system);
    asked.set(after);
    return after
        .outcome()
        .thenApply(
            said ->
                switch (said) {
                  case HookOutcome.Passed<ModelReply> _ -> event;
                  case HookOutcome.Vetoed<ModelReply> veto -> refused(veto.failure(), usage);
                  case HookOutcome.Broke(var failure) -> refused(failure, usage);
                });
  }

  /* The vendor has done its work, and counts it. */
  private static ModelEvent refused(Failure failure, Usage usage) {
    return new ModelEvent.Failed(failure, Optional.empty(), Optional.of(usage));
  }

  private static Source<ModelEvent, NotUsed> failed(Failure failure) {
    return Source.single(new ModelEvent.Failed(failure));
  }

  private void cancel() {
    HookRun<?> run = asked.get();
    if (run != null) {
      run.cancel();
    }
  }
}
