package dev.kantele.runtime.session;

import static dev.kantele.runtime.session.CoreRig.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnFailed;
import dev.kantele.protocol.EventBody.TurnOutputRejected;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.Usage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts with an {@code output_schema}. */
class StructuredOutputTest {
  private static final String CITY =
      """
      {"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}
      """;
  private static final String TOLD =
      "The answer does not fit the schema that was asked for: output.city: missing (expected: a"
          + " value). Answer again, with nothing but JSON that fits it.";

  private final TestSession session = Scenes.idle();

  private Step prompt(String schema) {
    return session.command(
        Commanding.withOutput(Commanding.prompt("a", 1, "a", PromptPolicy.ENQUEUE), json(schema)));
  }

  private Step answers(String text) {
    session.says(text);
    return session.finishes();
  }

  private EventBody end() {
    return session.events().getLast();
  }

  @Nested
  class TheSchema {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            {"type": "nothing"}                               | output_schema.type: 'nothing'
            {"properties": {"n": {"minimum": "1"}}}           | output_schema.properties.n.minimum: '1' (expected: number)
            {"$schema": "https://example.org/mine"}           | output_schema.$schema: "https://example.org/mine"
            {"$ref": "https://example.org/other.json"}        | output_schema:
            """)
    void that_is_none_is_refused_with_the_prompt(String schema, String sentence) {
      Step step = prompt(schema);

      assertThat(step.rows()).isEmpty();
      assertThat(TestSession.answer(step)).isEqualTo("invalid_argument");
      assertThat(((Reply.Nack) TestSession.reply(step)).error().message()).startsWith(sentence);
    }

    @Test
    void that_refers_to_itself_without_end_is_refused() {
      assertThat(TestSession.answer(prompt("{\"$ref\": \"#\"}"))).isEqualTo("invalid_argument");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\": \"array\", \"items\": {\"$ref\": \"#\"}}"})
    void that_is_one_is_taken(String schema) {
      assertThat(Shown.rows(prompt(schema))).contains("turn.started a");
    }
  }

  @Nested
  class AnAnswerThatFits {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"city\": \"Oulu\"}",
          " \n{\"city\": \"Oulu\"}\n",
          "```json\n{\"city\": \"Oulu\"}\n```",
          "\n```\n{\"city\": \"Oulu\"}\n```\n"
        })
    void is_the_turns_output(String answer) {
      prompt(CITY);

      assertThat(Shown.rows(answers(answer)))
          .containsExactly("stream.completed s1-1", "turn.completed a end");
      assertThat(((TurnCompleted) end()).output()).contains(json("{\"city\": \"Oulu\"}"));
    }

    @Test
    void may_come_after_tool_calls() {
      prompt(CITY);
      session.asks("look");
      session.toolCompletes(0);

      answers("{\"city\": \"Oulu\"}");

      assertThat(((TurnCompleted) end()).output()).contains(json("{\"city\": \"Oulu\"}"));
    }
  }

  @Nested
  class AnAnswerThatDoesNotFit {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            {}                          | output.city: missing (expected: a value)
            {"city": 7}                 | output.city: 7 (expected: string)
            Oulu                        | output: not JSON (expected: one JSON value, and nothing else)
            {"city": "Oulu"} I think    | output: not JSON (expected: one JSON value, and nothing else)
            {"city": "Ou                | output: not JSON (expected: one JSON value, and nothing else)
            """)
    void is_rejected_and_the_model_is_told_why(String answer, String reason) {
      prompt(CITY);

      Step step = answers(answer);

      assertThat(Shown.rows(step))
          .containsExactly(
              "stream.completed s1-1", "turn.output_rejected a", "stream.started s1-2 #1");
      assertThat(TestSession.told(step))
          .hasSize(3)
          .endsWith(
              "user: The answer does not fit the schema that was asked for: "
                  + reason
                  + ". Answer again, with nothing but JSON that fits it.");
    }

    @Test
    void may_be_made_good() {
      prompt(CITY);
      answers("{}");

      answers("{\"city\": \"Oulu\"}");

      var end = (TurnCompleted) end();
      assertThat(end.output()).contains(json("{\"city\": \"Oulu\"}"));
      assertThat(end.usage()).isEqualTo(new Usage(20, 10, 0));
    }

    @Test
    void is_rejected_as_often_as_the_limit_says_and_then_fails_the_turn() {
      prompt(CITY);
      answers("{}");
      answers("{}");

      assertThat(Shown.rows(answers("{\"city\": 1}")))
          .containsExactly("stream.completed s1-3", "turn.failed a invalid_output");
      var error = ((TurnFailed) end()).error();
      assertThat(error.message())
          .isEqualTo(
              "the model's answer does not fit output_schema: output.city: 1 (expected: string)");
      assertThat(error.retryable()).isTrue();
      assertThat(session.transcript())
          .containsExactly(
              "user: a",
              "assistant: {}",
              "user: " + TOLD,
              "assistant: {}",
              "user: " + TOLD,
              "assistant: {\"city\": 1}");
    }

    @Test
    void fails_the_turn_at_once_where_nothing_is_to_be_repaired() {
      session.catalog.limits = Limits.outputRepairs(32, 0);
      prompt(CITY);

      assertThat(Shown.rows(answers("{}"))).contains("turn.failed a invalid_output");
    }

    @Test
    void costs_a_model_call() {
      session.catalog.limits = Limits.outputRepairs(1, 5);
      prompt(CITY);

      assertThat(Shown.rows(answers("{}")))
          .containsExactly(
              "stream.completed s1-1",
              "turn.output_rejected a",
              "turn.completed a limit model_calls");
      assertThat(((TurnCompleted) end()).output()).isEmpty();
    }

    @Test
    void is_known_to_have_been_rejected_after_a_restart() {
      prompt(CITY);
      answers("{}");
      answers("{}");

      Step step = session.recover();

      assertThat(TestSession.told(step)).hasSize(5).endsWith("user: " + TOLD);
      assertThat(Shown.rows(answers("{}"))).contains("turn.failed a invalid_output");
    }

    @Test
    void is_dropped_with_its_correction_by_a_rollback() {
      prompt(CITY);
      answers("{}");
      session.prompt("b", PromptPolicy.ROLLBACK);
      session.ends(new Input.StreamOutcome.Stopped());

      assertThat(session.transcript()).containsExactly("user: b");
    }

    @Test
    void is_told_to_the_model_before_what_steers() {
      prompt(CITY);
      session.prompt("s", PromptPolicy.STEER);

      Step step = answers("{}");

      assertThat(TestSession.told(step))
          .containsExactly("user: a", "assistant: {}", "user: " + TOLD, "user: s");
    }
  }

  @Nested
  class AnAnswerThatWasCutOff {
    @Test
    void is_not_held_to_the_schema() {
      prompt(CITY);
      session.says("{\"ci");

      session.finishes(FinishReason.MAX_TOKENS, Usage.NONE);

      var end = (TurnCompleted) end();
      assertThat(end.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
      assertThat(end.output()).isEmpty();
    }
  }

  @Test
  void without_a_schema_json_is_just_text() {
    session.prompt("a");

    answers("{}");

    assertThat(((TurnCompleted) end()).output()).isEmpty();
    assertThat(session.events()).doesNotHaveAnyElementsOfTypes(TurnOutputRejected.class);
  }
}
