package dev.kantele.runtime.agent;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One agent.
 *
 * @param model the model reference, {@code provider/name}
 * @param tools the names of the tools it may call
 * @param approvals which of its tool calls wait for somebody's decision
 */
public record AgentSettings(
    String name,
    String model,
    Optional<String> instructions,
    List<String> tools,
    AgentLimits limits,
    ApprovalPolicy approvals,
    Durability durability) {
  public AgentSettings {
    requireNonNull(name, "name");
    requireNonNull(model, "model");
    tools = List.copyOf(tools);
    requireNonNull(limits, "limits");
    requireNonNull(approvals, "approvals");
    requireNonNull(durability, "durability");
  }
}
