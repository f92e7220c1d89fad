package dev.kantele.runtime.agent;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import dev.kantele.runtime.model.ModelProviders;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.tool.ToolRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The agents of a node, by name, and the one for sessions that name none. Immutable. */
public final class Agents {
  private final SortedMap<String, AgentSettings> agents = new TreeMap<>();
  private final AgentSettings defaultAgent;

  private Agents(Collection<AgentSettings> agents, String defaultAgent) {
    for (AgentSettings agent : agents) {
      if (this.agents.putIfAbsent(agent.name(), agent) != null) {
        throw new IllegalArgumentException(
            "agent: '" + agent.name() + "' is there twice (expected: one of each name)");
      }
    }
    this.defaultAgent =
        requireNonNull(this.agents.get(defaultAgent), () -> "agent '" + defaultAgent + "'");
  }

  /** The given agents, of which {@code defaultAgent} names one. Their parts are not checked. */
  public static Agents of(Collection<AgentSettings> agents, String defaultAgent) {
    return new Agents(agents, defaultAgent);
  }

  /**
   * The agents under {@code kantele.agents}. What an agent does not set is taken from {@code
   * kantele.agent-defaults}.
   *
   * @param kanteleConfig the block {@code kantele} of the whole, resolved configuration
   * @throws SettingsException if one of them could not work
   */
  public static Agents from(Config kanteleConfig, ModelProviders models, ToolRegistry tools) {
    return new AgentsReader(kanteleConfig, models, tools).read();
  }

  /** The agent called {@code name}. */
  public Optional<AgentSettings> find(String name) {
    return Optional.ofNullable(agents.get(name));
  }

  /** The names of all agents, sorted. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet((SortedSet<String>) agents.keySet());
  }

  /** All agents, sorted by name. */
  public List<AgentSettings> list() {
    return List.copyOf(agents.values());
  }

  /** The agent of a session that was opened without naming one. */
  public AgentSettings defaultAgent() {
    return defaultAgent;
  }
}
