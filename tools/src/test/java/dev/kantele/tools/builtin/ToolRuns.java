package dev.kantele.tools.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Calls tools as a node does: what the schema refuses never reaches them. */
final class ToolRuns {
  private static final ObjectMapper JSON = new ObjectMapper();

  static JsonNode output(Tool tool, String arguments) {
    return start(tool, arguments).join();
  }

  /** The sentence with which a call fails. */
  static String failure(Tool tool, String arguments) {
    try {
      JsonNode output = start(tool, arguments).join();
      throw new AssertionError("no failure but " + output);
    } catch (CompletionException e) {
      if (e.getCause() instanceof ToolException expected) {
        return expected.failure().message();
      }
      throw e;
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static CompletableFuture<JsonNode> start(Tool tool, String arguments) {
    var call =
        new ToolCall(
            new SessionId("s"),
            new TurnId("t"),
            new InvocationId("i"),
            new EffectId("e"),
            1,
            json(arguments));
    var registry = ToolRegistry.of(List.of(tool));
    if (registry.validate(tool.spec().name(), call.arguments())
        instanceof ArgumentValidator.Result.Invalid invalid) {
      throw new AssertionError(invalid.message());
    }
    return tool.start(call, new NoOutput()).result().toCompletableFuture();
  }

  private static final class NoOutput implements ToolOutput {
    @Override
    public CompletionStage<Void> chunk(String text) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void progress(Progress progress) {}
  }

  private ToolRuns() {}
}
