package dev.kantele.testkit;

import static dev.kantele.testkit.LogAssert.assertThatLog;
import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.reasons;
import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ToolEffect;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@KanteleTest
final class RecordingTest {
  private static Recording recorded(TestNode node) {
    node.tool("look", ToolEffect.READ_ONLY).answers("blue");
    node.allowAllTools().tool("paint", ToolEffect.UNSAFE).fails("empty", "There is no paint.");
    node.model()
        .turn(
            reasons("Hm.").thenCalls("look", Map.of("at", "sky")),
            calls("paint", Map.of("colour", "blue")),
            says("It is blue."))
        .turn(says("Bye."));
    var session = node.open("s");
    node.time().await(session.prompt("What colour?").result());
    node.time().await(session.prompt("Thanks.").result());
    return node.time().await(Recording.of(node.kantele(), "s"));
  }

  @Test
  void is_the_whole_log(TestNode node) {
    Recording recording = recorded(node);

    assertThatLog(recording.log()).hasNoHole().endsAll().has(2, "turn.completed");
  }

  @Test
  void is_read_as_it_was_written(TestNode node, @TempDir Path folder) throws IOException {
    Recording recording = recorded(node);
    Path file = folder.resolve("session.jsonl");

    recording.write(file);

    assertThat(Recording.read(file).log()).isEqualTo(recording.log());
  }

  @Test
  void played_on_the_same_agent_gives_the_same(TestNode node) {
    Recording recording = recorded(node);

    try (TestNode other = TestNode.of(2)) {
      Replay replay = recording.replayOn(other);

      assertThat(replay.differences()).isEmpty();
      assertThatLog(replay.replayed()).keepsAllRules().endsAll().lastSays("Bye.");
    }
  }

  @Test
  void played_on_an_agent_with_less_allowed_shows_what_changes(TestNode node) {
    Recording recording = recorded(node);

    try (TestNode other = TestNode.of(2)) {
      other.configure(
          """
          kantele.agent-defaults.approvals.rules = [{ tool = "look", decision = deny }]
          """);
      Replay replay = recording.replayOn(other);

      assertThat(replay.differences()).containsExactly("3. was: gave \"blue\"; is: denied");
    }
  }

  @Test
  void played_with_a_tool_of_ones_own_shows_what_it_gives(TestNode node) {
    Recording recording = recorded(node);

    try (TestNode other = TestNode.of(2)) {
      other.tool("look", ToolEffect.READ_ONLY).answers("grey").takes(Duration.ofMinutes(1));
      Replay replay = recording.replayOn(other);

      assertThat(replay.differences()).containsExactly("3. was: gave \"blue\"; is: gave \"grey\"");
    }
  }
}
