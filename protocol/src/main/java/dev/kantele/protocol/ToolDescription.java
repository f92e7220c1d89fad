package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalLong;

/**
 * A tool as a client registers it: its arguments' JSON Schema (draft 2020-12), its effect and its
 * time limit in milliseconds.
 */
public record ToolDescription(
    String name,
    String description,
    JsonNode inputSchema,
    ToolEffect effect,
    OptionalLong timeoutMs) {
  public ToolDescription {
    if (!Names.isToolName(name)) {
      throw new IllegalArgumentException(
          "name: '" + name + "' (expected: 1..64 characters of A-Za-z0-9_-)");
    }
    requireNonNull(description, "description");
    if (!inputSchema.isObject()) {
      throw new IllegalArgumentException(
          "input_schema: " + inputSchema.getNodeType() + " (expected: OBJECT)");
    }
    requireNonNull(effect, "effect");
    timeoutMs.ifPresent(millis -> WireNumber.require("timeout_ms", millis, 1));
  }
}
