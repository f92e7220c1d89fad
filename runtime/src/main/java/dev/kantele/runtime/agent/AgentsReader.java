package dev.kantele.runtime.agent;

import com.typesafe.config.Config;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.model.ModelProvider;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.model.ModelProviders.Resolution;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import dev.kantele.runtime.tool.ToolRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads and checks {@code kantele.agents}, each agent on top of {@code kantele.agent-defaults}. */
final class AgentsReader {
  private static final int LISTED_MODELS = 20;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final String[] AGENT_KEYS = {
    "model", "instructions", "tools", "limits", "approvals", "durability"
  };
  private static final String[] LIMIT_KEYS = {
    "model-calls",
    "tool-calls",
    "wall-time",
    "tokens",
    "attempts",
    "retry-delay",
    "max-retry-after",
    "retries",
    "retry-time",
    "output-repairs",
    "stream-idle",
    "cancel-deadline",
    "queued-turns"
  };

  private final SettingsReader kantele;
  private final ModelProviders models;
  private final ToolRegistry tools;

  AgentsReader(Config kanteleConfig, ModelProviders models, ToolRegistry tools) {
    this.kantele = SettingsReader.of(kanteleConfig, "kantele");
    this.models = models;
    this.tools = tools;
  }

  Agents read() {
    SettingsReader defaults = kantele.block("agent-defaults");
    requireKnown(defaults);
    SettingsReader blocks = kantele.block("agents");
    var agents = new ArrayList<AgentSettings>();
    for (String name : blocks.keys()) {
      SettingsReader agent = blocks.block(name);
      requireKnown(agent);
      agents.add(agent(name, agent.withDefaults(defaults)));
    }
    if (agents.isEmpty()) {
      throw new SettingsException("kantele.agents: empty (expected: at least one agent)");
    }
    return Agents.of(agents, defaultAgent(blocks));
  }

  private static void requireKnown(SettingsReader agent) {
    agent.requireKnown(AGENT_KEYS);
    agent.block("limits").requireKnown(LIMIT_KEYS);
    ApprovalsReader.requireKnown(agent.block("approvals"));
  }

  private String defaultAgent(SettingsReader agents) {
    String name = kantele.string("default-agent");
    if (!agents.keys().contains(name)) {
      throw kantele.invalid("default-agent", "one of " + String.join(", ", agents.keys()));
    }
    return name;
  }

  private AgentSettings agent(String name, SettingsReader agent) {
    return new AgentSettings(
        name,
        model(agent),
        agent.optionalString("instructions"),
        tools(agent),
        limits(agent.block("limits")),
        ApprovalsReader.read(agent.block("approvals")),
        durability(agent));
  }

  private String model(SettingsReader agent) {
    String reference = agent.string("model");
    return switch (models.resolve(reference)) {
      case Resolution.Found(var provider, _) -> usable(provider, reference);
      case Resolution.NotFound _ -> throw agent.invalid("model", "one of " + someModels());
    };
  }

  private static String usable(ModelProvider provider, String reference) {
    Optional<String> obstacle = provider.obstacle();
    if (obstacle.isPresent()) {
      throw new SettingsException("model %s: %s".formatted(reference, obstacle.get()));
    }
    return reference;
  }

  private String someModels() {
    return models.list().stream().limit(LISTED_MODELS).collect(Collectors.joining(", "));
  }

  private List<String> tools(SettingsReader agent) {
    List<String> names = agent.strings("tools");
    for (int i = 0; i < names.size(); i++) {
      if (tools.find(names.get(i)).isEmpty()) {
        throw agent.invalidElement("tools", i, "one of: " + String.join(", ", tools.names()));
      }
      if (names.indexOf(names.get(i)) < i) {
        throw agent.invalidElement("tools", i, "each tool once");
      }
    }
    return names;
  }

  private static Durability durability(SettingsReader agent) {
    String name = agent.string("durability");
    return switch (name) {
      case "turn" -> Durability.TURN;
      default -> throw agent.invalid("durability", "turn, which is all that there is so far");
    };
  }

  private static AgentLimits limits(SettingsReader limits) {
    var read =
        new AgentLimits(
            (int) limits.number("model-calls", 1, Integer.MAX_VALUE),
            (int) limits.number("tool-calls", 0, Integer.MAX_VALUE),
            limits.duration("wall-time", SHORTEST),
            limits.number("tokens", 1, WireNumber.MAX),
            (int) limits.number("attempts", 1, 100),
            limits.duration("retry-delay", SHORTEST),
            limits.duration("max-retry-after", SHORTEST),
            (int) limits.number("retries", 0, 1_000),
            limits.duration("retry-time", SHORTEST),
            (int) limits.number("output-repairs", 0, 100),
            limits.duration("stream-idle", SHORTEST),
            limits.duration("cancel-deadline", SHORTEST),
            (int) limits.number("queued-turns", 0, 10_000));
    requireWithinWallTime(limits, read);
    return read;
  }

  private static void requireWithinWallTime(SettingsReader limits, AgentLimits read) {
    Duration wallTime = read.wallTime();
    if (read.cancelDeadline().compareTo(wallTime) > 0) {
      throw limits.invalid("cancel-deadline", "at most wall-time, which is " + wallTime);
    }
    // The pause doubles: attempt n waits retry-delay · 2^(n−2).
    double lastPauseMillis = read.retryDelay().toMillis() * Math.pow(2, read.attempts() - 2);
    if (read.attempts() > 1 && lastPauseMillis > wallTime.toMillis()) {
      throw limits.invalid(
          "attempts",
          "so few that the last pause, retry-delay doubled each time, is within wall-time, which is "
              + wallTime);
    }
  }
}
