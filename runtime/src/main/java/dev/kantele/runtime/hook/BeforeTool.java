package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/** A hook's answer before a tool call. */
public sealed interface BeforeTool {
  /** The call starts. */
  record Proceed() implements BeforeTool {}

  /**
   * The call starts with these arguments, an object that fits the tool's schema. The log says so:
   * {@code tool.approved} with the arguments, by {@code hook:NAME}.
   */
  record Change(JsonNode arguments) implements BeforeTool {
    public Change {
      if (!requireNonNull(arguments, "arguments").isObject()) {
        throw new IllegalArgumentException(
            "arguments: " + arguments.getNodeType() + " (expected: OBJECT)");
      }
      arguments = arguments.deepCopy();
    }
  }

  /**
   * The call does not start: it is denied, and the model is told {@code reason}, one plain
   * sentence. The turn goes on.
   */
  record Veto(String reason) implements BeforeTool {
    public Veto {
      requireNonNull(reason, "reason");
    }
  }
}
