package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a turn completed. */
public enum StopReason {
  /** The model had no more to say. */
  @JsonProperty("end")
  END,
  /** The model reached its output limit. */
  @JsonProperty("max_tokens")
  MAX_TOKENS,
  /** The model refused. */
  @JsonProperty("refusal")
  REFUSAL,
  /** The vendor's filter cut the answer. */
  @JsonProperty("content_filter")
  CONTENT_FILTER,
  /** A limit of the agent was reached; {@code limit} says which. */
  @JsonProperty("limit")
  LIMIT
}
