package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a model stream ended by itself. */
public enum FinishReason {
  /** The message is whole. */
  @JsonProperty("end")
  END,
  /** The message asks for tools. */
  @JsonProperty("tool_calls")
  TOOL_CALLS,
  /** The output limit was reached. */
  @JsonProperty("max_tokens")
  MAX_TOKENS,
  /** The model refused. */
  @JsonProperty("refusal")
  REFUSAL,
  /** The vendor's filter cut the message. */
  @JsonProperty("content_filter")
  CONTENT_FILTER
}
