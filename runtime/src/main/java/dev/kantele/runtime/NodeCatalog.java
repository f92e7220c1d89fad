package dev.kantele.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.agent.Agents;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.session.Catalog;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.Tool;
import dev.kantele.runtime.tool.ToolRegistry;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.List;
import java.util.Optional;

/** What the node's configuration and class path offer to sessions. */
record NodeCatalog(Agents agents, ModelProviders models, ToolRegistry tools) implements Catalog {
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
  public List<String> faults(String tool, JsonNode arguments) {
    return switch (tools.validate(tool, arguments)) {
      case ArgumentValidator.Result.Valid _ -> List.of();
      case ArgumentValidator.Result.Invalid(var reasons) -> reasons;
    };
  }
}
