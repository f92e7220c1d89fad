package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

/** A hook's answer after a tool call. */
public sealed interface AfterTool {
  /** The result stands. */
  record Proceed() implements AfterTool {}

  /** The call ends with {@code result}; nobody sees the one that it takes the place of. */
  record Change(ToolResult result) implements AfterTool {
    public Change {
      requireNonNull(result, "result");
    }
  }
}
