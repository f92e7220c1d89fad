package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who speaks in a {@link Message}. */
public enum Role {
  /** The person or program that prompts. */
  @JsonProperty("user")
  USER,
  /** The model. */
  @JsonProperty("assistant")
  ASSISTANT,
  /** The results of tool calls. */
  @JsonProperty("tool")
  TOOL
}
