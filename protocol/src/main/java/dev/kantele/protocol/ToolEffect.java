package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a tool does to the world, and so what may be done with a call whose outcome was lost. */
public enum ToolEffect {
  /** Changes nothing; may run again. */
  @JsonProperty("read_only")
  READ_ONLY,
  /** Running twice with the same effect id is running once; may run again. */
  @JsonProperty("idempotent")
  IDEMPOTENT,
  /** The tool can be asked what became of an effect id. */
  @JsonProperty("reconcile")
  RECONCILE,
  /** Neither: a lost outcome stays unknown. */
  @JsonProperty("unsafe")
  UNSAFE
}
