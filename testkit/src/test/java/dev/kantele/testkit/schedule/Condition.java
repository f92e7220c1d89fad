package dev.kantele.testkit.schedule;

/** What a session is doing when something befalls it. */
enum Condition {
  IDLE,
  STREAMING,
  TOOLS_RUNNING,
  /** A turn runs, and nothing of it at the moment: a retry's pause, or somebody's decision. */
  PAUSING,
  /** Others wait behind a turn that runs. */
  WITH_A_QUEUE,
  /** A cancel was acknowledged, and the turn has not ended. */
  ENDING,
  /** The node is down. */
  DOWN
}
