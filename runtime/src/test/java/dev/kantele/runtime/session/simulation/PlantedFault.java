package dev.kantele.runtime.session.simulation;

/** A fault that is planted to see that the simulation finds it, with the rule that it breaks. */
enum PlantedFault {
  /** None. */
  NONE(Rule.NOTHING_THROWS),

  /** Events come with their own numbers, not with those that join them to what a reader has. */
  COVERS_DROPPED(Rule.NO_HOLE_NO_REPEAT),

  /** The last event of a batch comes twice. */
  EVENT_REPEATED(Rule.NO_HOLE_NO_REPEAT),

  /** After a crash the model is called again before the lost stream has ended. */
  NEW_STREAM_BEFORE_THE_LOST_ONE_ENDS(Rule.THE_END_IS_AUTHORITATIVE),

  /** A catchup lacks a character. */
  CATCHUP_CUT(Rule.DELTAS_ARE_THE_TEXT),

  /** What a reader gets of a stream goes on after a gap. */
  DELTA_SKIPPED(Rule.DELTAS_ARE_THE_TEXT),

  /** A turn completes twice. */
  SECOND_TERMINAL_EVENT(Rule.ONE_TERMINAL_EVENT),

  /** A turn is cancelled before its stream. */
  PARENT_ENDS_BEFORE_CHILD(Rule.ONE_TERMINAL_EVENT),

  /** After a crash the numbers of lost live events are given again. */
  NUMBERS_GIVEN_AGAIN(Rule.NUMBERS_ARE_RESERVED),

  /** After a crash the last number of the reservation is given again. */
  RESERVATION_OFF_BY_ONE(Rule.NUMBERS_ARE_RESERVED),

  /** A long stream goes on beyond its reservation. */
  RESERVATION_NOT_EXTENDED(Rule.NUMBERS_ARE_RESERVED),

  /** Subscribers see events before they are durable. */
  PUBLISHED_BEFORE_DURABLE(Rule.A_NUMBER_IS_ONE_EVENT),

  /** Rows are deleted that the horizon promises. */
  ROWS_DELETED_TOO_EARLY(Rule.A_NUMBER_IS_ONE_EVENT),

  /** Nobody watches the deadline of a cancel. */
  DEADLINE_FORGOTTEN(Rule.CANCEL_MEETS_ITS_DEADLINE),

  /** After a crash nothing that was running is begun again. */
  RECOVERY_BEGINS_NOTHING(Rule.TURNS_GO_ON_ALONE),

  /** The window grows as it likes. */
  WINDOW_UNBOUNDED(Rule.SLOW_READERS_COST_NOTHING),

  /** A session takes nothing in while it reads rows for somebody. */
  INPUT_WAITS_FOR_READERS(Rule.SLOW_READERS_COST_NOTHING),

  /** A connection that ends cancels the running turn. */
  DISCONNECT_CANCELS(Rule.CLOSING_A_CONNECTION_ENDS_NOTHING_ELSE),

  /** A command is acknowledged before its rows are durable. */
  ANSWERED_BEFORE_DURABLE(Rule.REPLIES_HOLD),

  /** Replies are not remembered. */
  REPLIES_FORGOTTEN(Rule.REPLIES_HOLD),

  /** An unsafe tool runs again after a crash. */
  UNSAFE_TOOL_RUN_AGAIN(Rule.EFFECTS_DO_NOT_DOUBLE),

  /** An effect that may have taken place is said not to have. */
  UNKNOWN_EFFECT_DENIED(Rule.EFFECTS_DO_NOT_DOUBLE),

  /** The outcome of an attempt that was given up is taken for that of the next. */
  OLD_OUTCOME_TAKEN(Rule.EFFECTS_DO_NOT_DOUBLE),

  /** A call runs although somebody denied it. */
  DENIED_TOOL_RUNS(Rule.NOTHING_RUNS_UNALLOWED),

  /** After a crash a call that waits for somebody runs. */
  WAITING_TOOL_RUNS_AFTER_A_CRASH(Rule.NOTHING_RUNS_UNALLOWED),

  /** After a crash a call runs about which hooks are asked. */
  UNCHECKED_TOOL_RUNS(Rule.NOTHING_RUNS_UNALLOWED),

  /** A call runs with the model's arguments, not with those that were allowed. */
  EDIT_IGNORED(Rule.NOTHING_RUNS_UNALLOWED),

  /** A second decision has the call run again. */
  APPROVED_TWICE(Rule.EFFECTS_DO_NOT_DOUBLE),

  /** The model is told something else than what was answered. */
  ANSWER_CHANGED(Rule.REPLIES_HOLD),

  /** A client's result is not what the call ends with. */
  RESULT_CHANGED(Rule.REPLIES_HOLD),

  /** Nobody watches how long a client takes. */
  CLIENT_LIMIT_FORGOTTEN(Rule.LIMITS_HOLD),

  /** Nobody watches how long a call waits. */
  EXPIRY_FORGOTTEN(Rule.TURNS_GO_ON_ALONE),

  /** A model is not told the results of the tools that it asked for. */
  TOOL_RESULTS_LOST(Rule.TRANSCRIPTS_ARE_VALID),

  /** A model is not told what the last user said. */
  USER_NOT_HEARD(Rule.TRANSCRIPTS_ARE_VALID),

  /** A failed model call is tried once too often. */
  ONE_ATTEMPT_TOO_MANY(Rule.LIMITS_HOLD),

  /** A turn repeats failed calls once too often. */
  ONE_RETRY_TOO_MANY(Rule.LIMITS_HOLD),

  /** The pauses before a turn's retries are longer than they may be together. */
  RETRIES_TAKE_TOO_LONG(Rule.LIMITS_HOLD),

  /** An answer is taken that does not fit the prompt's schema. */
  UNFIT_OUTPUT_TAKEN(Rule.OUTPUT_FITS),

  /** What hooks make of a client's result is not what the call ends with. */
  HOOKED_RESULT_CHANGED(Rule.REPLIES_HOLD),

  /** One turn too many may wait. */
  QUEUE_TOO_LONG(Rule.LIMITS_HOLD),

  /** A snapshot of the state forgets which turns have ended. */
  SNAPSHOT_FORGETS(Rule.STATE_IS_THE_FOLD),

  /** Whoever is behind gets a snapshot. */
  SNAPSHOT_WITHOUT_NEED(Rule.SNAPSHOTS_ONLY_BEHIND_THE_HORIZON);

  private final Rule broken;

  PlantedFault(Rule broken) {
    this.broken = broken;
  }

  /** The rule that the fault breaks. */
  Rule broken() {
    return broken;
  }
}
