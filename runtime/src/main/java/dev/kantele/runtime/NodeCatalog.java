package dev.kantele.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.Agents;
import dev.kantele.runtime.hook.Hooks;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.session.Catalog;
import dev.kantele.runtime.session.ClientToolLimits;
import dev.kantele.runtime.session.actor.RunningTurns;
import dev.kantele.runtime.settings.SettingsReader;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolRegistry;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the node's configuration and class path offer to sessions. */
record NodeCatalog(
    Agents agents,
    ModelProviders models,
    ToolRegistry tools,
    ClientToolLimits clientTools,
    Hooks hooks,
    RunningTurns turns)
    implements Catalog {
  /** Reads {@code kantele.client-tools}. */
  static ClientToolLimits clientTools(Config kanteleConfig) {
    SettingsReader block = SettingsReader.of(kanteleConfig, "kantele").block("client-tools");
    block.requireKnown("timeout", "max-timeout");
    Duration timeout = block.duration("timeout", Duration.ofMillis(1));
    Duration max = block.duration("max-timeout", Duration.ofMillis(1));
    if (timeout.compareTo(max) > 0) {
      throw block.invalid("timeout", "at most max-timeout, which is " + max);
    }
    return new ClientToolLimits(timeout, max);
  }

  @Override
  public String defaultAgent() {
    return agents.defaultAgent().name();
  }

  @Override
  public Optional<AgentSettings> agent(String name) {
    return agents.find(name);
  }

  @Override
  public boolean hasModel(String reference) {
    return models.resolve(reference) instanceof ModelProviders.Resolution.Found;
  }

  @Override
  public Optional<ToolSpec> tool(String name) {
    return tools.find(name).map(Tool::spec);
  }

  @Override
  public boolean checksTools() {
    return !hooks.isEmpty();
  }

  @Override
  public boolean startsTurns() {
    return turns.mayStart();
  }

  @Override
  public List<String> faults(String tool, JsonNode arguments) {
    return switch (tools.validate(tool, arguments)) {
      case ArgumentValidator.Result.Valid _ -> List.of();
      case ArgumentValidator.Result.Invalid(var reasons) -> reasons;
    };
  }
}
