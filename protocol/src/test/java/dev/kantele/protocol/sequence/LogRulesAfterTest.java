package dev.kantele.protocol.sequence;

import static dev.kantele.protocol.sequence.Log.streamCompleted;
import static dev.kantele.protocol.sequence.Log.text;
import static dev.kantele.protocol.sequence.Log.toolCompleted;
import static dev.kantele.protocol.sequence.Log.turnCompleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Part;
import org.junit.jupiter.api.Test;

/** {@link LogRules} for a subscriber that comes in the middle of a log. */
class LogRulesAfterTest {
  @Test
  void what_began_before_is_taken_on() {
    Log log =
        Log.after(40)
            .with(
                text("t1", "s1", 0, "ne."),
                streamCompleted("t1", "s1", new Part.Text("It is nine.")),
                toolCompleted("t1", "i1"),
                turnCompleted("t1"));

    assertThat(log.rules().violations()).isEmpty();
    assertThat(log.rules().open()).isEmpty();
  }
}
