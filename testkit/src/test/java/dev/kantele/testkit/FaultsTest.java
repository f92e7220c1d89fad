package dev.kantele.testkit;

import static dev.kantele.testkit.LogAssert.assertThatLog;
import static dev.kantele.testkit.Reply.calls;
import static dev.kantele.testkit.Reply.hangs;
import static dev.kantele.testkit.Reply.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.Session;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each fault is seen in the log, and none is seen that was not ordered. */
@KanteleTest
final class FaultsTest {
  private static void play(TestNode node) {
    node.model().turn(says("Hello.").thenPauses(Duration.ofSeconds(2)).thenSays(" You."));
    node.open("s").prompt("hi");
    node.time().advance(Duration.ofMinutes(1));
  }

  private static LogAssert log(TestNode node) {
    return assertThatLog(node.log("s")).keepsAllRules().endsAll();
  }

  @Nested
  class OfWrites {
    @Test
    void none_is_ordered_and_none_is_seen(TestNode node) {
      play(node);

      log(node).hasNo("session.recovered").hasNo("stream.failed").lastSays("Hello. You.");
    }

    @Test
    void a_crash_before_is_recovered_from(TestNode node) {
      node.faults().write("stream.completed").crashesBefore();

      play(node);

      log(node).has(1, "session.recovered").has(1, "stream.failed").lastSays("Hello. You.");
    }

    @Test
    void a_crash_after_the_last_one_leaves_nothing_to_recover(TestNode node) {
      node.faults().write("turn.completed").crashesAfter(Duration.ofSeconds(5));

      play(node);

      log(node).hasNo("session.recovered").has(1, "turn.completed");
    }

    @Test
    void a_failure_restarts_the_session(TestNode node) {
      node.faults().write("stream.completed").of("s").fails();

      play(node);

      log(node).has(1, "session.recovered").lastSays("Hello. You.");
    }

    @Test
    void a_rejection_restarts_the_session(TestNode node) {
      node.faults().write("stream.completed").isRejected();

      play(node);

      log(node).has(1, "session.recovered").lastSays("Hello. You.");
    }

    @Test
    void a_lost_answer_restarts_the_session_on_what_was_written(TestNode node) {
      node.faults().write("turn.completed").losesItsAnswer();

      play(node);

      log(node).hasNo("session.recovered").has(1, "turn.completed");
    }

    @Test
    void a_slow_one_takes_its_time(TestNode node) {
      node.faults().write("turn.started").takes(Duration.ofSeconds(9));
      node.model().turn(says("Hello."));

      node.time().await(node.open("s").prompt("hi").result());

      assertThat(node.time().elapsed()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(25));
      log(node).hasNo("session.recovered");
    }

    @Test
    void one_of_another_session_does_not_strike(TestNode node) {
      node.faults().write().of("other").fails();

      play(node);

      log(node).hasNo("session.recovered");
    }

    @Test
    void one_of_an_event_that_does_not_exist_is_a_mistake(Faults faults) {
      assertThatThrownBy(() -> faults.write("text.delta"))
          .hasMessageStartingWith("event: text.delta (expected: one of [");
    }
  }

  @Nested
  class OfChildren {
    @Test
    void a_stream_that_dies_is_called_again(TestNode node) {
      node.model().turn(says("Hello.").thenPauses(Duration.ofSeconds(2)).thenSays(" You."));
      node.open("s").prompt("hi");
      node.time().advance(Duration.ofSeconds(1));

      node.faults().kill("/stream-");
      node.time().advance(Duration.ofMinutes(1));

      log(node).has(1, "stream.failed").hasNo("session.recovered").lastSays("Hello. You.");
    }

    @Test
    void a_read_only_tool_that_dies_is_called_again(TestNode node) {
      RecordingTool look = node.tool("look", ToolEffect.READ_ONLY).takes(Duration.ofSeconds(3));
      node.model().turn(calls("look", Map.of()), says("Done."));
      node.open("s").prompt("hi");
      node.time().advance(Duration.ofSeconds(1));

      node.faults().kill("/tool-");
      node.time().advance(Duration.ofMinutes(1));

      assertThat(look.calls()).hasSize(2);
      log(node).has(2, "tool.started").lastSays("Done.");
    }

    @Test
    void nobody_of_that_name_is_a_mistake(TestNode node) {
      node.open("s");

      assertThatThrownBy(() -> node.faults().kill("/stream-"))
          .hasMessageStartingWith("part: /stream- (expected: part of one of [");
    }
  }

  @Nested
  class OfMessages {
    @Test
    void a_lost_pull_is_made_again(TestNode node) {
      node.open("s");
      node.faults().message("Pull").isLost();

      play(node);

      log(node).lastSays("Hello. You.");
    }

    @Test
    void a_delayed_command_comes_later(TestNode node) {
      node.model().turn(says("Hello."));
      Session session = node.open("s");
      node.faults().message("Submit").isDelayed(Duration.ofSeconds(4));

      node.time().await(session.prompt("hi").accepted());

      assertThat(node.time().elapsed()).isEqualTo(Duration.ofSeconds(4));
    }
  }

  @Nested
  class OfTheModel {
    @Test
    void one_that_hangs_is_given_up_and_called_again(TestNode node) {
      node.model().turn(hangs()).retry(2, says("Here I am."));

      node.time().await(node.open("s").prompt("hi").result());

      assertThat(node.model().requests()).hasSize(2);
      assertThat(node.time().elapsed()).isGreaterThan(Duration.ofMinutes(2));
      log(node).has(1, "stream.failed").lastSays("Here I am.");
    }
  }

  @Nested
  class OfTheNode {
    @Test
    void a_crash_ends_what_was_opened_until_it_is_opened_again(TestNode node) {
      node.model().turn(says("Hello."));
      Session session = node.open("s");
      node.crash();

      assertThat(node.isUp()).isFalse();
      assertThatThrownBy(() -> node.open("s")).hasMessageContaining("restart()");
      assertThatThrownBy(() -> node.time().await(session.prompt("hi").accepted()))
          .isInstanceOf(AssertionError.class);
      node.restart();
      node.time().await(node.open("s").prompt("hi").result());

      log(node).lastSays("Hello.");
    }

    @Test
    void a_stop_leaves_turns_to_the_next_life(TestNode node) {
      node.model().turn(says("Hello.").thenPauses(Duration.ofSeconds(5)).thenSays(" You."));
      node.open("s").prompt("hi");
      node.time().advance(Duration.ofSeconds(1));

      node.stop();
      node.restart();
      node.time().advance(Duration.ofMinutes(1));

      log(node).has(1, "session.recovered").lastSays("Hello. You.");
    }
  }
}
