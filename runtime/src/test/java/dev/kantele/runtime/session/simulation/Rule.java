package dev.kantele.runtime.session.simulation;

/**
 * What must hold in every schedule. The first nine are what a subscriber may rely on
 * (docs/protocol.md), in that order.
 */
enum Rule {
  NO_HOLE_NO_REPEAT,
  THE_END_IS_AUTHORITATIVE,
  DELTAS_ARE_THE_TEXT,
  ONE_TERMINAL_EVENT,
  A_NUMBER_IS_ONE_EVENT,
  CANCEL_MEETS_ITS_DEADLINE,
  TURNS_GO_ON_ALONE,
  SLOW_READERS_COST_NOTHING,
  CLOSING_A_CONNECTION_ENDS_NOTHING_ELSE,

  /** Live events stay within a reservation that is durable. */
  NUMBERS_ARE_RESERVED,

  /** Each command is answered once, its repetition alike, and an ack's effect is durable. */
  REPLIES_HOLD,

  /** No effect takes place twice, and none is denied that may have taken place. */
  EFFECTS_DO_NOT_DOUBLE,

  /** No tool call runs before it is allowed, and none that was denied. */
  NOTHING_RUNS_UNALLOWED,

  /** Every transcript that a model gets is one that a vendor takes, and says what was said. */
  TRANSCRIPTS_ARE_VALID,

  /** No turn, stream or queue goes further than the agent's limits. */
  LIMITS_HOLD,

  /** A turn that was asked for output of a form ends with that, or says that it did not come. */
  OUTPUT_FITS,

  /** The state is the fold of the journal, whichever way it came about. */
  STATE_IS_THE_FOLD,

  /** Only a cursor before the horizon gets a snapshot. */
  SNAPSHOTS_ONLY_BEHIND_THE_HORIZON,

  /** Nothing throws. */
  NOTHING_THROWS;

  /** The rule that a sentence of {@code LogRules} is about. */
  static Rule of(String sentence) {
    if (sentence.contains(" hole: ") || sentence.contains(" repeat: ")) {
      return NO_HOLE_NO_REPEAT;
    }
    if (sentence.contains("session.recovered")) {
      return THE_END_IS_AUTHORITATIVE;
    }
    if (sentence.contains("deltas") || sentence.contains(" part ")) {
      return DELTAS_ARE_THE_TEXT;
    }
    return ONE_TERMINAL_EVENT;
  }
}
