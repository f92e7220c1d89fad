package dev.kantele.runtime.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRun;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A tool that does what its argument {@code do} says: answer, fail, report, flood, or wait for
 * ever.
 */
record HandTool(String name, ToolEffect effect, Duration limit) implements Tool {
  @Override
  public ToolSpec spec() {
    return new ToolSpec(
        name,
        "Does as told",
        WireClient.json(
            """
            {"type": "object", "required": ["do"], "properties": {"do": {"type": "string"}}}
            """),
        effect,
        limit);
  }

  @Override
  public ToolRun start(ToolCall call, ToolOutput output) {
    var run = new Run();
    switch (call.arguments().path("do").asText()) {
      case "answer" -> run.result.complete(WireClient.json("{\"answer\": 42}"));
      case "fail" ->
          run.result.completeExceptionally(
              new ToolException(new Failure("no_luck", "it did not work", false)));
      case "report" -> {
        output.progress(
            new Progress(OptionalDouble.of(1), OptionalDouble.of(2), Optional.of("half")));
        output.chunk("so far so good").thenRun(() -> run.result.complete(WireClient.json("true")));
      }
      case "flood" -> flood(output, run, 0);
      default -> {}
    }
    return run;
  }

  private static void flood(ToolOutput output, Run run, int sent) {
    if (sent == 80) {
      run.result.complete(WireClient.json("null"));
      return;
    }
    output.chunk("x".repeat(64 * 1024)).thenRunAsync(() -> flood(output, run, sent + 1));
  }

  private static final class Run implements ToolRun {
    final CompletableFuture<JsonNode> result = new CompletableFuture<>();

    @Override
    public CompletionStage<JsonNode> result() {
      return result;
    }

    @Override
    public CompletionStage<Boolean> cancel() {
      result.cancel(/* mayInterruptIfRunning= */ false);
      return CompletableFuture.completedFuture(false);
    }
  }
}
