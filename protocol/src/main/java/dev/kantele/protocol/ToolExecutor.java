package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who runs a tool call. */
public enum ToolExecutor {
  /** The node. */
  @JsonProperty("node")
  NODE,
  /** The client that registered the tool. */
  @JsonProperty("client")
  CLIENT
}
