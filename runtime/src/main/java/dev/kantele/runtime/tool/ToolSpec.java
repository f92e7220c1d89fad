package dev.kantele.runtime.tool;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ToolEffect;
import java.time.Duration;

/**
 * What a model is told of a tool, and what the runtime must know of it.
 *
 * @param name 1 to 64 characters of {@code A-Za-z0-9_-}, as the vendors' APIs take them
 * @param inputSchema JSON Schema (draft 2020-12) of the arguments, an object
 * @param effect what may be done with a call whose outcome was lost
 * @param timeout how long one attempt may take
 */
public record ToolSpec(
    String name, String description, JsonNode inputSchema, ToolEffect effect, Duration timeout) {
  public ToolSpec {
    requireNonNull(name, "name");
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException(
          "name: '" + name + "' (expected: 1..64 characters of A-Za-z0-9_-)");
    }
    requireNonNull(description, "description");
    if (!requireNonNull(inputSchema, "inputSchema").isObject()) {
      throw new IllegalArgumentException(
          "inputSchema: " + inputSchema.getNodeType() + " (expected: OBJECT)");
    }
    requireNonNull(effect, "effect");
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than 0)");
    }
  }
}
