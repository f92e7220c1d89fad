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
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(inputSchema, "input_schema");
    requireNonNull(effect, "effect");
  }
}
