package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.EventBody;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import java.util.Optional;

/** What came of an input; without one where the shell itself writes something. */
record Decision(SessionState before, Optional<Input> input, Step step) {
  /** Whether a turn ends by it. */
  boolean endsTurn() {
    return step.rows().stream().anyMatch(Decision::endsTurn);
  }

  private static boolean endsTurn(JournalRecord row) {
    return row.content() instanceof Visible(var body)
        && body instanceof EventBody.Terminal
        && body instanceof EventBody.OfTurn
        && !(body instanceof EventBody.OfStream)
        && !(body instanceof EventBody.OfInvocation);
  }
}
