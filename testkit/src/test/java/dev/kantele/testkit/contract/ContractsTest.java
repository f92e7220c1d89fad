package dev.kantele.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.scripted.ScriptReply;
import dev.kantele.runtime.model.scripted.ScriptStep;
import dev.kantele.runtime.model.scripted.ScriptedProvider;
import dev.kantele.runtime.tool.BlockingTool;
import dev.kantele.runtime.tool.Reconciliation;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The contracts are kept by parts that are known to be as they should. */
@Timeout(120)
final class ContractsTest {
  @Nested
  class OfTheScriptedProvider extends ModelProviderContract {
    @Override
    protected ModelProvider provider() {
      return ScriptedProvider.of(
          Map.of(
              "good",
              _ ->
                  ScriptReply.of(
                      ScriptStep.say("Hello."),
                      ScriptStep.call("look", JsonNodeFactory.instance.objectNode())),
              "bad",
              _ -> ScriptReply.of(ScriptStep.fail("broken", "It broke.", false)),
              "long",
              _ -> ScriptReply.of(ScriptStep.flood(1_000_000, 10))));
    }

    @Override
    protected ModelRequest answered() {
      return request("good", "Hello?");
    }

    @Override
    protected ModelRequest failing() {
      return request("bad", "Hello?");
    }

    @Override
    protected ModelRequest endless() {
      return request("long", "Hello?");
    }
  }

  /** A tool as a host writes it. */
  private static final class Payment extends BlockingTool {
    private final Map<EffectId, JsonNode> done = new ConcurrentHashMap<>();

    @Override
    public ToolSpec spec() {
      return new ToolSpec(
          "pay",
          "Pays.",
          JsonNodeFactory.instance.objectNode().put("type", "object"),
          ToolEffect.RECONCILE,
          Duration.ofSeconds(10));
    }

    @Override
    protected JsonNode call(ToolCall call, ToolOutput output) throws Exception {
      if (call.arguments().has("forever")) {
        new CountDownLatch(1).await();
      }
      JsonNode receipt = JsonNodeFactory.instance.textNode("receipt");
      done.put(call.effectId(), receipt);
      return receipt;
    }

    @Override
    public CompletionStage<Reconciliation> reconcile(ToolCall call) {
      JsonNode receipt = done.get(call.effectId());
      return CompletableFuture.completedStage(
          receipt == null ? new Reconciliation.NotDone() : new Reconciliation.Done(receipt));
    }
  }

  @Nested
  class OfATool extends ToolContract {
    private final Payment payment = new Payment();

    @Override
    protected Tool tool() {
      return payment;
    }

    @Override
    protected JsonNode working() {
      return JsonNodeFactory.instance.objectNode().put("sum", 3);
    }

    @Override
    protected Optional<JsonNode> lasting() {
      return Optional.of(JsonNodeFactory.instance.objectNode().put("forever", true));
    }
  }
}
