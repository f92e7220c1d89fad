package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.agent.Durability;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One agent, two models, and a tool for each effect: look, put, pay and mail. */
final class TestCatalog implements Catalog {
  static final String AGENT = "agent";
  static final String MODEL = "test/one";
  static final String OTHER_MODEL = "test/two";

  /** Nobody is asked. */
  private static final ApprovalPolicy APPROVALS =
      new ApprovalPolicy(List.of(), ApprovalPolicy.Otherwise.ALLOW, Duration.ofHours(1));

  private static final List<String> NAMES = List.of("look", "put", "pay", "mail");
  private static final Map<String, ToolEffect> EFFECTS =
      Map.of(
          "look", ToolEffect.READ_ONLY,
          "put", ToolEffect.IDEMPOTENT,
          "pay", ToolEffect.RECONCILE,
          "mail", ToolEffect.UNSAFE);

  AgentLimits limits = AgentLimits.DEFAULT;

  /** The name of an agent, model or tool that is configured no longer. */
  String gone = "";

  @Override
  public String defaultAgent() {
    return AGENT;
  }

  @Override
  public Optional<AgentSettings> agent(String name) {
    return name.equals(AGENT) && !name.equals(gone)
        ? Optional.of(
            new AgentSettings(
                AGENT, MODEL, Optional.of("Be brief."), NAMES, limits, APPROVALS, Durability.TURN))
        : Optional.empty();
  }

  @Override
  public boolean hasModel(String reference) {
    return !reference.equals(gone) && (reference.equals(MODEL) || reference.equals(OTHER_MODEL));
  }

  @Override
  public Optional<ToolSpec> tool(String name) {
    return name.equals(gone)
        ? Optional.empty()
        : Optional.ofNullable(EFFECTS.get(name)).map(effect -> spec(name, effect));
  }

  private static ToolSpec spec(String name, ToolEffect effect) {
    return new ToolSpec(
        name, "What it does", JsonNodeFactory.instance.objectNode(), effect, Duration.ofSeconds(5));
  }

  @Override
  public List<String> faults(String tool, JsonNode arguments) {
    return arguments.has("bad") ? List.of("bad: true (expected: nothing)") : List.of();
  }
}
