package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;

/** How a tool call ended, as the model will be told. */
public sealed interface ToolResult {
  /** With its output; a copy, so that changing it changes nothing. */
  record Output(JsonNode value) implements ToolResult {
    public Output {
      value = requireNonNull(value, "value").deepCopy();
    }
  }

  /** With an error. */
  record Failed(Failure failure) implements ToolResult {
    public Failed {
      requireNonNull(failure, "failure");
    }
  }
}
