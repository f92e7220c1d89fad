package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A human's answer to a request for approval. */
public enum Decision {
  @JsonProperty("approve")
  APPROVE,
  @JsonProperty("deny")
  DENY
}
