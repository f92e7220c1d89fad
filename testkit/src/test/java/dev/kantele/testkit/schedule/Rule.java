package dev.kantele.testkit.schedule;

/** What must hold in every schedule (docs/protocol.md, "What a subscriber may rely on"). */
enum Rule {
  /** Rules 1 to 4, for each client over all its connections, by {@code LogRules}. */
  LOG_RULES,
  /** Rule 5: a number means one event for everybody, and what is durable is there for good. */
  ONE_LOG,
  /** Rules 4 and 7: what was acknowledged is in the log, and has ended. */
  ACCEPTED_TURNS_END,
  /** Rule 6. */
  CANCEL_HAS_A_DEADLINE,
  /** An effect that must not happen twice happens once at most. */
  EFFECTS_DO_NOT_DOUBLE,
  /** A command has one reply, and the same when it comes again. */
  REPLIES_HOLD,
  /** Whatever the model is asked, each tool call in it has a result. */
  TRANSCRIPT_IS_VALID,
  /** When all has ended no stream and no tool call is left running. */
  NOTHING_IS_LEFT
}
