package dev.kantele.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.FinishReason;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.tool.Tools;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static final JsonNode NOTHING = Tools.json("{}");
  private static final ScriptReply FIRST = ScriptReply.of(ScriptStep.say("first"));
  private static final ScriptReply SECOND = ScriptReply.of(ScriptStep.say("second"));

  @Nested
  class WithoutConditions {
    private final Script script = Script.of(FIRST, SECOND);

    @Test
    void each_call_of_a_turn_gets_the_next_reply() {
      assertThat(script.reply(Requests.of("Hello").build())).isEqualTo(FIRST);
      assertThat(script.reply(Requests.of("Hello").called("a", NOTHING, NOTHING).build()))
          .isEqualTo(SECOND);
    }

    @Test
    void each_turn_begins_with_the_first_reply() {
      assertThat(script.reply(Requests.of("Hello").assistant("Hi").user("Again").build()))
          .isEqualTo(FIRST);
    }

    @Test
    void a_repeated_attempt_gets_the_same_reply() {
      assertThat(script.reply(Requests.of("Hello").attempt(3).build())).isEqualTo(FIRST);
    }

    @Test
    void a_call_behind_the_last_reply_fails_for_good() {
      var request =
          Requests.of("Hello").called("a", NOTHING, NOTHING).called("a", NOTHING, NOTHING).build();

      assertThat(script.reply(request).steps())
          .containsExactly(
              ScriptStep.fail(
                  "script_ended",
                  "The script has no reply for call 3 of the turn (expected: 1..2)",
                  false));
    }
  }

  @Nested
  class WithConditions {
    @Test
    void the_first_reply_that_matches_is_used() {
      var weather = FIRST.onText("weather");
      var script = Script.of(weather, SECOND, FIRST);

      assertThat(script.reply(Requests.of("The weather?").build())).isEqualTo(weather);
      assertThat(script.reply(Requests.of("The time?").build())).isEqualTo(SECOND);
    }

    @Test
    void all_conditions_must_hold() {
      var both = FIRST.onCall(2).onAttempt(2);
      var script = Script.of(both, SECOND);

      assertThat(script.reply(Requests.of("a").attempt(2).build())).isEqualTo(SECOND);
      assertThat(script.reply(Requests.of("a").called("t", NOTHING, NOTHING).build()))
          .isEqualTo(SECOND);
      assertThat(script.reply(Requests.of("a").called("t", NOTHING, NOTHING).attempt(2).build()))
          .isEqualTo(both);
    }

    @Test
    void the_text_is_that_of_the_last_user_message() {
      var script = Script.of(FIRST.onText("(?i)HELLO"), SECOND);

      assertThat(script.reply(Requests.of("hello").assistant("Hi").user("bye").build()))
          .isEqualTo(SECOND);
    }

    @Test
    void after_tool_means_the_results_that_the_transcript_ends_with() {
      var after = FIRST.afterTool("clock");
      var script = Script.of(after, SECOND);

      assertThat(script.reply(Requests.of("a").called("clock", NOTHING, NOTHING).build()))
          .isEqualTo(after);
      assertThat(script.reply(Requests.of("a").failed("clock", NOTHING, "Broken").build()))
          .isEqualTo(after);
      assertThat(
              script.reply(
                  Requests.of("a")
                      .called("clock", NOTHING, NOTHING)
                      .called("other", NOTHING, NOTHING)
                      .build()))
          .isEqualTo(SECOND);
    }

    @Test
    void a_call_that_nothing_matches_fails_for_good() {
      var script = Script.of(FIRST.onCall(7));

      assertThat(script.reply(Requests.of("a").attempt(2).build()).steps())
          .containsExactly(
              ScriptStep.fail(
                  "script_unmatched",
                  "No reply of the script matches attempt 2 at call 1 of the turn",
                  false));
    }
  }

  @Nested
  class Misuse {
    @Test
    void a_script_has_a_reply() {
      assertThatThrownBy(() -> new Script(List.of()))
          .hasMessage("replies: 0 (expected: at least 1)");
    }

    @Test
    void nothing_follows_an_ending() {
      assertThatThrownBy(
              () -> ScriptReply.of(ScriptStep.finish(FinishReason.END), ScriptStep.say("a")))
          .hasMessage(
              "steps[1]: nothing can follow finish, fail, drop or never (expected: no step)");
    }

    @Test
    void usage_is_reported_once() {
      assertThatThrownBy(() -> ScriptReply.of(ScriptStep.usage(1, 1), ScriptStep.usage(2, 2)))
          .hasMessage("steps[1]: usage is there twice (expected: once in a reply)");
    }
  }
}
