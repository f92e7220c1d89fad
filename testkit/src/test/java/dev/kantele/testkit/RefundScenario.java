package dev.kantele.testkit;

import static dev.kantele.testkit.LogAssert.assertThatLog;
import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ToolEffect;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a host writes. */
@KanteleTest
final class RefundScenario {
  @Test
  void a_crash_right_after_a_refund_does_not_refund_twice(TestNode node) {
    RecordingTool refund = node.allowAllTools().tool("refund", ToolEffect.RECONCILE);
    refund.takes(Duration.ofMinutes(5));
    node.model().turn(calls("refund", Map.of("order", 7)), says("Done."));
    node.faults().write("tool.completed").crashesBefore();

    node.open("s").prompt("Refund order 7.");
    node.time().advance(Duration.ofHours(2));

    assertThat(refund.effects()).hasSize(1);
    assertThatLog(node.log("s")).keepsAllRules().endsAll().lastSays("Done.");
    assertThatLog(node.log("s")).hasInOrder("tool.started", "session.recovered", "tool.completed");
  }
}
