package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.ApprovalPolicy;
import dev.kantele.runtime.agent.ApprovalRule;
import dev.kantele.runtime.agent.Durability;
import dev.kantele.runtime.session.Catalog;
import dev.kantele.runtime.session.OpenTurn.Retries;
import dev.kantele.runtime.tool.ArgumentPattern;
import dev.kantele.runtime.tool.AskUserTool;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Agents, models and tools of a schedule. What a node is configured with may change when it starts
 * anew: one name may be gone.
 */
final class SimulatedCatalog implements Catalog {
  static final String PATIENT = "patient";
  static final String HASTY = "hasty";
  static final String MODEL = "sim/one";
  static final String OTHER_MODEL = "sim/two";
  static final String GHOST = "ghost";

  private static final List<String> NODE_TOOLS =
      List.of("look", "put", "pay", "mail", AskUserTool.NAME, GHOST);

  private static final List<String> TOOL_NAMES =
      List.of("look", "put", "pay", "mail", AskUserTool.NAME, "fetch", "fire", GHOST);

  private static final AgentLimits PATIENT_LIMITS =
      limits(5, 8, Duration.ofSeconds(20), 4_000, 3, retries(4, 9_000), Duration.ofSeconds(1), 4);
  private static final AgentLimits HASTY_LIMITS =
      limits(3, 3, Duration.ofSeconds(2), 700, 2, retries(1, 1_900), Duration.ofMillis(250), 2);

  private static final ApprovalPolicy PATIENT_APPROVALS =
      new ApprovalPolicy(
          List.of(
              rule("mail", Optional.of("[1-4]?[0-9]"), ApprovalRule.Decision.ASK),
              rule("m*", Optional.empty(), ApprovalRule.Decision.ALLOW),
              rule("p?y", Optional.of("[0-9]*3"), ApprovalRule.Decision.DENY)),
          ApprovalPolicy.Otherwise.ALLOW,
          Duration.ofMillis(1_500));
  private static final ApprovalPolicy HASTY_APPROVALS =
      new ApprovalPolicy(
          List.of(), ApprovalPolicy.Otherwise.ASK_UNLESS_READ_ONLY, Duration.ofMillis(600));

  private static final Map<String, ToolSpec> TOOLS = new LinkedHashMap<>();

  static {
    tool("look", ToolEffect.READ_ONLY, 900);
    tool("put", ToolEffect.IDEMPOTENT, 1_500);
    tool("pay", ToolEffect.RECONCILE, 1_500);
    tool("mail", ToolEffect.UNSAFE, 900);
    tool(AskUserTool.NAME, ToolEffect.READ_ONLY, 1_100);
  }

  private final Sabotage sabotage;
  private final boolean hooks;
  private boolean hooked;
  private String gone = "";

  SimulatedCatalog(Sabotage sabotage, boolean hooks) {
    this.sabotage = sabotage;
    this.hooks = hooks;
    this.hooked = hooks;
  }

  private static Retries retries(int most, long timeMillis) {
    return new Retries(most, timeMillis);
  }

  private static AgentLimits limits(
      int modelCalls,
      int toolCalls,
      Duration wallTime,
      long tokens,
      int attempts,
      Retries retries,
      Duration cancelDeadline,
      int queuedTurns) {
    return new AgentLimits(
        modelCalls,
        toolCalls,
        wallTime,
        tokens,
        attempts,
        Duration.ofMillis(700),
        Duration.ofSeconds(10),
        retries.made(),
        Duration.ofMillis(retries.pausedMillis()),
        1,
        Duration.ofMillis(1_200),
        cancelDeadline,
        queuedTurns);
  }

  private static ApprovalRule rule(
      String tool, Optional<String> n, ApprovalRule.Decision decision) {
    return new ApprovalRule(
        ArgumentPattern.ofGlob(tool),
        n
            .map(ArgumentPattern::of)
            .map(pattern -> new ApprovalRule.ArgumentMatch(JsonPointer.compile("/n"), pattern))
            .stream()
            .toList(),
        decision,
        Optional.empty());
  }

  /** Whether somebody must allow a call, as its agent's policy is meant. */
  static boolean mustAsk(String agent, String tool, JsonNode arguments) {
    if (agent.equals(HASTY)) {
      return !tool.equals("look") && !tool.equals("fetch") && !tool.equals(AskUserTool.NAME);
    }
    JsonNode n = arguments.path("n");
    return tool.equals("mail") && n.isNumber() && n.asInt() < 50;
  }

  /** The tools that clients run: one that only looks, and one that acts. */
  static List<ToolDescription> offers() {
    return List.of(clientTool("fetch"), clientTool("fire"));
  }

  private static ToolDescription clientTool(String name) {
    return new ToolDescription(
        name,
        "What it does",
        JsonNodeFactory.instance.objectNode(),
        effectOf(name),
        OptionalLong.of(700));
  }

  /** Whether a call must not run, as its agent's policy is meant. */
  static boolean mustDeny(String agent, String tool, JsonNode arguments) {
    return !agent.equals(HASTY) && tool.equals("pay") && arguments.path("n").asInt() % 10 == 3;
  }

  private static void tool(String name, ToolEffect effect, long timeoutMillis) {
    TOOLS.put(
        name,
        new ToolSpec(
            name,
            "What it does",
            JsonNodeFactory.instance.objectNode(),
            effect,
            Duration.ofMillis(timeoutMillis)));
  }

  /**
   * Has one agent, model or tool, or none, configured no longer; the one before is again. Hooks
   * come and go.
   */
  void reconfigure(Dice dice) {
    hooked = hooks && !hooked;
    gone = dice.oneOf("", MODEL, PATIENT, "look", "mail");
  }

  /** What an agent is held to, also while it is configured no longer. */
  static AgentLimits limitsOf(String agent) {
    return agent.equals(HASTY) ? HASTY_LIMITS : PATIENT_LIMITS;
  }

  /** The names that a model may call: those of tools, and one that is none. */
  static List<String> toolNames() {
    return TOOL_NAMES;
  }

  /** The tools of which people or clients say what comes of them. */
  static List<String> toolsOfOthers() {
    return List.of("mail", AskUserTool.NAME, AskUserTool.NAME, "fetch", "fetch", "fire");
  }

  @Override
  public String defaultAgent() {
    return PATIENT;
  }

  @Override
  public Optional<AgentSettings> agent(String name) {
    if (name.equals(gone) || !(name.equals(PATIENT) || name.equals(HASTY))) {
      return Optional.empty();
    }
    return Optional.of(
        new AgentSettings(
            name,
            MODEL,
            Optional.of("Be brief."),
            NODE_TOOLS,
            sabotage.limits(limitsOf(name)),
            name.equals(HASTY) ? HASTY_APPROVALS : PATIENT_APPROVALS,
            Durability.TURN));
  }

  @Override
  public boolean hasModel(String reference) {
    return !reference.equals(gone) && (reference.equals(MODEL) || reference.equals(OTHER_MODEL));
  }

  @Override
  public Optional<ToolSpec> tool(String name) {
    return name.equals(gone) ? Optional.empty() : Optional.ofNullable(TOOLS.get(name));
  }

  @Override
  public boolean checksTools() {
    return hooked;
  }

  /** The effect that a tool has, whatever the node is configured with at the moment. */
  static ToolEffect effectOf(String name) {
    if (name.equals("fetch")) {
      return ToolEffect.READ_ONLY;
    }
    ToolSpec spec = TOOLS.get(name);
    return spec == null ? ToolEffect.UNSAFE : spec.effect();
  }

  @Override
  public List<String> faults(String tool, JsonNode arguments) {
    if (tool.equals(AskUserTool.NAME)) {
      return arguments.has("question") ? List.of() : List.of("question: missing");
    }
    JsonNode n = arguments.path("n");
    return n.isMissingNode() || n.isNumber()
        ? List.of()
        : List.of("n: " + n.getNodeType() + " (expected: NUMBER)");
  }
}
