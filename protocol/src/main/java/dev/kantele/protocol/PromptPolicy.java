package dev.kantele.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a prompt does when a turn is already running. */
public enum PromptPolicy {
  /** Waits in the session's queue. The default. */
  @JsonProperty("enqueue")
  ENQUEUE,
  /** Is refused with {@code turn_running}. */
  @JsonProperty("reject")
  REJECT,
  /** Cancels the running turn, then runs; the queue behind stays. */
  @JsonProperty("interrupt")
  INTERRUPT,
  /**
   * Joins the running turn before its next model call; becomes the next turn if there is none any
   * more.
   */
  @JsonProperty("steer")
  STEER,
  /**
   * Cancels the running turn and drops it from the transcript, but for tool calls that started and
   * their results; then runs.
   */
  @JsonProperty("rollback")
  ROLLBACK
}
