package dev.kantele.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRun;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** A tool whose calls a test ends by hand. */
final class TestTool implements Tool {
  private final ToolSpec spec;

  /** The calls that were started, in order. */
  final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();

  TestTool(String name, ToolEffect effect) {
    this.spec =
        new ToolSpec(name, "Test", json("{\"type\":\"object\"}"), effect, Duration.ofSeconds(60));
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** One call in progress. */
  static final class Run implements ToolRun {
    final ToolCall call;
    final ToolOutput output;
    final CompletableFuture<JsonNode> result = new CompletableFuture<>();
    final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    final CompletableFuture<Void> cancelAsked = new CompletableFuture<>();

    Run(ToolCall call, ToolOutput output) {
      this.call = call;
      this.output = output;
    }

    @Override
    public CompletionStage<JsonNode> result() {
      return result;
    }

    @Override
    public CompletionStage<Boolean> cancel() {
      cancelAsked.complete(null);
      return cancelled;
    }
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public ToolRun start(ToolCall call, ToolOutput output) {
    var run = new Run(call, output);
    runs.add(run);
    return run;
  }
}
