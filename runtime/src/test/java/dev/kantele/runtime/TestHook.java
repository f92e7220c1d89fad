package dev.kantele.runtime;

import dev.kantele.protocol.SessionId;
import dev.kantele.runtime.hook.AfterModel;
import dev.kantele.runtime.hook.AfterTool;
import dev.kantele.runtime.hook.BeforeModel;
import dev.kantele.runtime.hook.BeforeTool;
import dev.kantele.runtime.hook.Hook;
import dev.kantele.runtime.hook.ModelCall;
import dev.kantele.runtime.hook.ModelReply;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.hook.ToolUse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A hook that does in a session what a test tells it to, and otherwise nothing. */
final class TestHook implements Hook {
  private final String name;
  private final Map<SessionId, Function<ModelCall, CompletionStage<BeforeModel>>> beforeModels =
      new ConcurrentHashMap<>();
  private final Map<SessionId, BiFunction<ModelCall, ModelReply, CompletionStage<AfterModel>>>
      afterModels = new ConcurrentHashMap<>();
  private final Map<SessionId, Function<ToolUse, CompletionStage<BeforeTool>>> beforeTools =
      new ConcurrentHashMap<>();
  private final Map<SessionId, BiFunction<ToolUse, ToolResult, CompletionStage<AfterTool>>>
      afterTools = new ConcurrentHashMap<>();

  TestHook(String name) {
    this.name = name;
  }

  void onBeforeModel(Session session, Function<ModelCall, CompletionStage<BeforeModel>> answer) {
    beforeModels.put(session.id(), answer);
  }

  void onAfterModel(
      Session session, BiFunction<ModelCall, ModelReply, CompletionStage<AfterModel>> answer) {
    afterModels.put(session.id(), answer);
  }

  void onBeforeTool(Session session, Function<ToolUse, CompletionStage<BeforeTool>> answer) {
    beforeTools.put(session.id(), answer);
  }

  void onAfterTool(
      Session session, BiFunction<ToolUse, ToolResult, CompletionStage<AfterTool>> answer) {
    afterTools.put(session.id(), answer);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletionStage<BeforeModel> beforeModel(ModelCall call) {
    return Optional.ofNullable(beforeModels.get(call.request().session()))
        .orElse(Hook.super::beforeModel)
        .apply(call);
  }

  @Override
  public CompletionStage<AfterModel> afterModel(ModelCall call, ModelReply reply) {
    return Optional.ofNullable(afterModels.get(call.request().session()))
        .orElse(Hook.super::afterModel)
        .apply(call, reply);
  }

  @Override
  public CompletionStage<BeforeTool> beforeTool(ToolUse use) {
    return Optional.ofNullable(beforeTools.get(use.session()))
        .orElse(Hook.super::beforeTool)
        .apply(use);
  }

  @Override
  public CompletionStage<AfterTool> afterTool(ToolUse use, ToolResult result) {
    return Optional.ofNullable(afterTools.get(use.session()))
        .orElse(Hook.super::afterTool)
        .apply(use, result);
  }
}
