package dev.kantele.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.codec.WireMapper;
import dev.kantele.runtime.Kantele;
import dev.kantele.runtime.KanteleParts;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.Session;
import dev.kantele.runtime.Turn;
import dev.kantele.runtime.hook.AfterTool;
import dev.kantele.runtime.hook.BeforeTool;
import dev.kantele.runtime.hook.Hook;
import dev.kantele.runtime.hook.ToolResult;
import dev.kantele.runtime.hook.ToolUse;
import dev.kantele.runtime.tool.BlockingTool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolSpec;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the README and the pages quote about sessions in one's own JVM. */
public final class Embedding {
  /** Asks one question and prints the answer, with everything durable kept in {@code data}. */
  public static void ask(Path data, PrintStream out) {
    // region ask
    KanteleSettings settings = KanteleSettings.load().data(data);
    try (Kantele kantele = Kantele.start(settings)) {
      Session session = kantele.open("sums");
      Turn turn = session.prompt("What is 12 * 7?");
      turn.events()
          .runForeach(
              event -> {
                if (event.body() instanceof EventBody.TextDelta delta) {
                  out.print(delta.text());
                }
              },
              kantele.system())
          .toCompletableFuture()
          .join();
    }
    // end
  }

  // region tool
  /** Says how long a text is. */
  static final class LengthTool extends BlockingTool {
    @Override
    public ToolSpec spec() {
      return new ToolSpec(
          "length",
          "Counts the characters of a text.",
          WireMapper.json().createObjectNode().put("type", "object"),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(1));
    }

    @Override
    protected JsonNode call(ToolCall call, ToolOutput output) {
      return WireMapper.json().valueToTree(call.arguments().path("text").asText().length());
    }
  }

  // end

  /** Starts a node, in memory only, whose agents may use a tool of the host's own. */
  public static Kantele startWithTool() {
    // region parts
    KanteleSettings settings =
        KanteleSettings.load()
            .inMemory()
            .with("kantele.agents.assistant.tools", List.of("calculator", "length"));
    return Kantele.start(settings, KanteleParts.none().with(new LengthTool()));
    // end
  }

  // region hook
  /** Keeps payments small, and out of what the model reads afterwards. */
  static final class PaymentsHook implements Hook {
    @Override
    public String name() {
      return "payments";
    }

    @Override
    public CompletionStage<BeforeTool> beforeTool(ToolUse use) {
      boolean large = use.tool().equals("pay") && use.arguments().path("amount").asInt() > 100;
      return CompletableFuture.completedFuture(
          large ? new BeforeTool.Veto("more than 100 is not paid") : new BeforeTool.Proceed());
    }

    @Override
    public CompletionStage<AfterTool> afterTool(ToolUse use, ToolResult result) {
      return CompletableFuture.completedFuture(
          use.tool().equals("pay") && result instanceof ToolResult.Output
              ? new AfterTool.Change(new ToolResult.Output(TextNode.valueOf("paid")))
              : new AfterTool.Proceed());
    }
  }

  // end

  /** Starts a node, in memory only, with a hook of the host's own. */
  public static Kantele startWithHook() {
    // region hooked
    return Kantele.start(
        KanteleSettings.load().inMemory(), KanteleParts.none().with(new PaymentsHook()));
    // end
  }

  private Embedding() {}
}
