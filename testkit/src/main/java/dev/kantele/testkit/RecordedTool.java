package dev.kantele.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRun;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A tool that gives what was recorded for the same arguments; of several results each once, in
 * order.
 */
final class RecordedTool implements Tool {
  private final ToolSpec spec;
  private final Map<String, Queue<CompletableFuture<JsonNode>>> results = new HashMap<>();

  RecordedTool(String name) {
    this.spec =
        new ToolSpec(
            name,
            "A tool of a recording.",
            JsonNodeFactory.instance.objectNode().put("type", "object"),
            ToolEffect.READ_ONLY,
            Duration.ofMinutes(1));
  }

  void gave(String arguments, JsonNode output) {
    add(arguments, CompletableFuture.completedFuture(output));
  }

  void failed(String arguments, Failure failure) {
    add(arguments, CompletableFuture.failedFuture(new ToolException(failure)));
  }

  private void add(String arguments, CompletableFuture<JsonNode> result) {
    results.computeIfAbsent(arguments, _ -> new ArrayDeque<>()).add(result);
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public ToolRun start(ToolCall call, ToolOutput output) {
    Queue<CompletableFuture<JsonNode>> recorded = results.get(call.arguments().toString());
    CompletableFuture<JsonNode> next = recorded == null ? null : recorded.poll();
    CompletableFuture<JsonNode> result =
        next != null
            ? next
            : CompletableFuture.failedFuture(
                new ToolException(Recording.notRecorded(spec.name(), call.arguments())));
    return new ToolRun() {
      @Override
      public CompletionStage<JsonNode> result() {
        return result;
      }

      @Override
      public CompletionStage<Boolean> cancel() {
        return CompletableFuture.completedStage(true);
      }
    };
  }
}
