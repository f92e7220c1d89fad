package dev.kantele.cluster.kill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.Config;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.BlockingTool;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolFactory;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tools that write each run into a ledger, then take their time: {@code pay} must not run twice,
 * {@code look} may.
 */
public final class LedgerTools implements ToolFactory {
  private static final long WORK_MILLIS = 100;

  @Override
  public List<Tool> create(Config kanteleConfig, Clock clock) {
    if (!kanteleConfig.hasPath("test.ledger")) {
      return List.of();
    }
    Path ledger = Path.of(kanteleConfig.getString("test.ledger"));
    return List.of(
        new LedgerTool("pay", ToolEffect.UNSAFE, ledger),
        new LedgerTool("look", ToolEffect.READ_ONLY, ledger));
  }

  private static final class LedgerTool extends BlockingTool {
    private final ToolSpec spec;
    private final Path ledger;

    LedgerTool(String name, ToolEffect effect, Path ledger) {
      this.spec =
          new ToolSpec(
              name,
              "Writes into the ledger",
              JsonNodeFactory.instance.objectNode().put("type", "object"),
              effect,
              Duration.ofSeconds(30));
      this.ledger = ledger;
    }

    @Override
    public ToolSpec spec() {
      return spec;
    }

    @Override
    protected JsonNode call(ToolCall call, ToolOutput output)
        throws IOException, InterruptedException {
      Files.writeString(
          ledger,
          spec.name() + " " + call.effectId() + " " + call.attempt() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      boolean interrupted = new CountDownLatch(1).await(WORK_MILLIS, TimeUnit.MILLISECONDS);
      return JsonNodeFactory.instance.booleanNode(!interrupted);
    }
  }
}
