package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.List;
import java.util.Optional;

/**
 * The agents, models and tools that a session may use. The same answers for as long as the node
 * runs, but for {@link #startsTurns}.
 */
public interface Catalog {
  /** The agent of a session that names none. */
  String defaultAgent();

  /** The agent called {@code name}. */
  Optional<AgentSettings> agent(String name);

  /** Whether {@code reference}, as in {@code scripted/demo}, can be called. */
  boolean hasModel(String reference);

  /** The tool called {@code name}. */
  Optional<ToolSpec> tool(String name);

  /** How far the tools that clients run may go. */
  default ClientToolLimits clientTools() {
    return ClientToolLimits.DEFAULT;
  }

  /** Whether hooks are asked before a tool call starts. */
  default boolean checksTools() {
    return false;
  }

  /**
   * Whether a turn that waits may start; when not, it is left to the next node, with all that wait
   * behind it.
   */
  default boolean startsTurns() {
    return true;
  }

  /** What is wrong with the arguments of a call, one sentence each; empty if nothing is. */
  List<String> faults(String tool, JsonNode arguments);
}
