package dev.kantele.docs;

import static dev.kantele.testkit.LogAssert.assertThatLog;
import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.fails;
import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ToolEffect;
import dev.kantele.testkit.KanteleTest;
import dev.kantele.testkit.Recording;
import dev.kantele.testkit.RecordingTool;
import dev.kantele.testkit.Replay;
import dev.kantele.testkit.TestNode;
import dev.kantele.testkit.VirtualTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What docs/testing.md quotes beside the first example, run. */
@KanteleTest
final class TestingTest {
  // region retries
  @Test
  void an_overloaded_model_is_asked_again(TestNode node, VirtualTime time) {
    node.set("kantele.agent-defaults.limits.retry-delay", "1m");
    node.model().turn(fails("overloaded", /* retryable= */ true)).retry(2, says("Here I am."));

    String answer = node.open("s").prompt("Hello?").result().toCompletableFuture().join().text();

    assertThat(answer).isEqualTo("Here I am.");
    assertThat(time.elapsed()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
  }

  // end

  // region seeds
  @RepeatedTest(20)
  void the_order_of_things_does_not_matter(TestNode node, VirtualTime time) {
    RecordingTool look = node.tool("look", ToolEffect.READ_ONLY).takes(Duration.ofSeconds(1));
    node.model()
        .turn(says("Both.").thenCalls("look", Map.of("at", 1)).thenCalls("look", Map.of("at", 2)))
        .turn(says("Once more."));
    node.open("s").prompt("Look.");
    node.open("s").prompt("And then?");
    time.advance(Duration.ofMillis(500));

    node.faults().kill("/tool-");
    time.advance(Duration.ofMinutes(5));

    assertThat(look.calls()).hasSizeGreaterThan(2);
    assertThatLog(node.log("s")).keepsAllRules().endsAll();
  }

  // end

  // region replay
  @Test
  void an_agent_that_may_less_is_seen_to_do_less(TestNode node, VirtualTime time) {
    node.tool("look", ToolEffect.READ_ONLY).answers("blue");
    node.model().turn(calls("look", Map.of()), says("It is blue."));
    time.await(node.open("s").prompt("What colour?").result());
    Recording recording = time.await(Recording.of(node.kantele(), "s"));

    try (TestNode other = TestNode.of(/* seed= */ 2)) {
      other.configure(
          """
          kantele.agent-defaults.approvals.rules = [{ tool = "look", decision = deny }]
          """);
      Replay replay = recording.replayOn(other);

      assertThat(replay.differences()).containsExactly("3. was: gave \"blue\"; is: denied");
    }
  }
  // end
}
