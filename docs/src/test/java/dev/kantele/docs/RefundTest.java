package dev.kantele.docs;

import static dev.kantele.testkit.LogAssert.assertThatLog;
import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ToolEffect;
import dev.kantele.testkit.KanteleTest;
import dev.kantele.testkit.RecordingTool;
import dev.kantele.testkit.TestNode;
import dev.kantele.testkit.VirtualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/* The first example of docs/testing.md, run. */
// region refund
@KanteleTest
final class RefundTest {
  @Test
  void a_crash_does_not_refund_twice(TestNode node, VirtualTime time) {
    RecordingTool refund = node.allowAllTools().tool("refund", ToolEffect.RECONCILE);
    refund.takes(Duration.ofMinutes(5));
    node.model().turn(calls("refund", Map.of("order", 7)), says("Done."));
    node.faults().write("tool.completed").crashesBefore(Duration.ofMinutes(2));

    node.open("support").prompt("Refund order 7.");
    time.advance(Duration.ofHours(3));

    assertThat(refund.effects()).hasSize(1);
    assertThatLog(node.log("support")).hasNoHole().hasOneTerminalPerTurn().lastSays("Done.");
  }
}
// end
