package dev.kantele.runtime.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Doubles and fixtures for tests of tools. */
public final class Tools {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A tool that takes any object and returns it. */
  public static Tool echo(String name) {
    return echo(name, "{\"type\": \"object\"}");
  }

  public static Tool echo(String name, String schema) {
    return new BlockingTool() {
      @Override
      public ToolSpec spec() {
        return Tools.spec(name, schema);
      }

      @Override
      protected JsonNode call(ToolCall call, ToolOutput output) {
        return call.arguments();
      }
    };
  }

  public static ToolSpec spec(String name, String schema) {
    return new ToolSpec(
        name, "Does nothing.", json(schema), ToolEffect.READ_ONLY, Duration.ofSeconds(5));
  }

  public static ToolCall call(String arguments) {
    return new ToolCall(
        new SessionId("s"),
        new TurnId("t"),
        new InvocationId("i"),
        new EffectId("e"),
        1,
        json(arguments));
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Remembers what a tool reported. */
  public static final class RecordingOutput implements ToolOutput {
    public final List<String> chunks = new CopyOnWriteArrayList<>();
    public final List<Progress> reports = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Void> chunk(String text) {
      chunks.add(text);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void progress(Progress progress) {
      reports.add(progress);
    }
  }

  private Tools() {}
}
