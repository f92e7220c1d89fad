package dev.kantele.docs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRun;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/**
 * The tool that every peer in the comparison offers: multiplies the two factors of its argument.
 */
final class ProductTool implements Tool {
  private static final ToolSpec SPEC =
      new ToolSpec(
          "product",
          "Evaluates a product.",
          WireMapper.json().createObjectNode().put("type", "object"),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(5));

  private final LongAdder calls = new LongAdder();

  /** How often it has run. */
  long calls() {
    return calls.sum();
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public ToolRun start(ToolCall call, ToolOutput output) {
    calls.increment();
    String[] factors = call.arguments().path("expression").asText().split("\\*", -1);
    int product = Integer.parseInt(factors[0].strip()) * Integer.parseInt(factors[1].strip());
    return new Done(TextNode.valueOf(Integer.toString(product)));
  }

  private record Done(JsonNode output) implements ToolRun {
    @Override
    public CompletionStage<JsonNode> result() {
      return CompletableFuture.completedFuture(output);
    }

    @Override
    public CompletionStage<Boolean> cancel() {
      return CompletableFuture.completedFuture(true);
    }
  }
}
