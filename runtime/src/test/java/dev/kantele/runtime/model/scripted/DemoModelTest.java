package dev.kantele.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.tool.ToolSpec;
import dev.kantele.runtime.tool.Tools;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoModelTest {
  private static final String BOTH = "What is 12 * 7, and what time is it in Tokyo?";
  private static final JsonNode TOKYO =
      Tools.json(
          """
          {"zone": "Asia/Tokyo", "time": "2026-11-20T09:41:00+09:00", "weekday": "Friday",
           "utc": "2026-11-20T00:41:00Z"}""");
  private static final List<ToolSpec> TOOLS =
      List.of(Tools.spec("calculator", "{}"), Tools.spec("clock", "{}"));

  private final DemoModel demo = new DemoModel(Duration.ofMillis(15));

  @Nested
  class Asking {
    @Test
    void both_tools_are_called_in_one_message() {
      var reply = demo.reply(Requests.of(BOTH).tools(TOOLS).build());

      assertThat(text(reply)).isEqualTo("Let me work that out and look at the clock.");
      assertThat(calls(reply))
          .containsExactly(
              "calculator {\"expression\":\"12 * 7\"}", "clock {\"zone\":\"Asia/Tokyo\"}");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            What time is it?                       | clock {}
            what's the time in helsinki            | clock {"zone":"Europe/Helsinki"}
            Which day is it in Mumbai?             | clock {"zone":"Asia/Kolkata"}
            Tell me the date in New York.          | clock {"zone":"America/New_York"}
            time in Paris                          | clock {"zone":"Europe/Paris"}
            What time is it in Atlantis?           | clock {"zone":"Atlantis"}
            How much is 2 ^ 10?                    | calculator {"expression":"2 ^ 10"}
            What is 3 times 4?                     | calculator {"expression":"3 * 4"}
            """)
    void a_question_becomes_a_call(String question, String call) {
      assertThat(calls(demo.reply(Requests.of(question).tools(TOOLS).build())))
          .containsExactly(call);
    }

    @Test
    void each_question_gets_a_call() {
      var question = "What time is it in Rome and in Oslo? And 1+1, 2+2?";

      assertThat(calls(demo.reply(Requests.of(question).tools(TOOLS).build()))).hasSize(4);
    }

    @Test
    void a_tool_that_the_agent_has_not_is_not_called() {
      var reply = demo.reply(Requests.of(BOTH).build());

      assertThat(calls(reply)).isEmpty();
      assertThat(text(reply))
          .isEqualTo("I would need the tool \"calculator\" for that, and this agent has none.");
    }

    @Test
    void what_can_be_done_is_done_with_the_tools_that_are_there() {
      var reply = demo.reply(Requests.of(BOTH).tools(TOOLS.subList(1, 2)).build());

      assertThat(calls(reply)).containsExactly("clock {\"zone\":\"Asia/Tokyo\"}");
    }
  }

  @Nested
  class Answering {
    private final JsonNode product = Tools.json("{\"expression\": \"12 * 7\"}");
    private final JsonNode tokyo = Tools.json("{\"zone\": \"Asia/Tokyo\"}");

    @Test
    void the_results_become_one_sentence() {
      var request =
          Requests.of(BOTH)
              .tools(TOOLS)
              .called("calculator", product, Tools.json("{\"result\": 84}"))
              .called("clock", tokyo, TOKYO)
              .build();

      var reply = demo.reply(request);

      assertThat(text(reply))
          .isEqualTo("12 * 7 is 84, and in Tokyo it is 09:41 on Friday, 20 November 2026.");
      assertThat(calls(reply)).isEmpty();
    }

    @Test
    void a_city_is_called_as_the_prompt_calls_it() {
      var request =
          Requests.of("What time is it in Osaka?")
              .tools(TOOLS)
              .called("clock", tokyo, TOKYO)
              .build();

      assertThat(text(demo.reply(request)))
          .isEqualTo("In Osaka it is 09:41 on Friday, 20 November 2026.");
    }

    @Test
    void without_a_place_it_is_utc() {
      var request =
          Requests.of("What time is it?")
              .tools(TOOLS)
              .called("clock", Tools.json("{}"), Tools.json("{\"time\": \"2026-11-20T00:41:00Z\"}"))
              .build();

      assertThat(text(demo.reply(request)))
          .isEqualTo("In UTC it is 00:41 on Friday, 20 November 2026.");
    }

    @Test
    void an_error_is_told() {
      var request =
          Requests.of("What is 1/0, and what time is it in Atlantis?")
              .tools(TOOLS)
              .failed(
                  "calculator", Tools.json("{\"expression\": \"1/0\"}"), "division by zero at 2")
              .failed(
                  "clock", Tools.json("{\"zone\": \"Atlantis\"}"), "There is no zone 'Atlantis'.")
              .build();

      assertThat(text(demo.reply(request)))
          .isEqualTo(
              "I could not work out 1/0: division by zero at 2, and I could not look up the time in"
                  + " Atlantis: There is no zone 'Atlantis'.");
    }

    @Test
    void a_large_number_is_plain() {
      var request =
          Requests.of("What is 10^20?")
              .tools(TOOLS)
              .called(
                  "calculator",
                  Tools.json("{\"expression\": \"10^20\"}"),
                  Tools.json("{\"result\": 1E+20}"))
              .build();

      assertThat(text(demo.reply(request))).isEqualTo("10^20 is 100000000000000000000.");
    }

    @Test
    void results_of_an_earlier_turn_are_not_answered_again() {
      var request =
          Requests.of("What is 12 * 7?")
              .tools(TOOLS)
              .called("calculator", product, Tools.json("{\"result\": 84}"))
              .assistant("12 * 7 is 84.")
              .user("Thanks!")
              .build();

      assertThat(text(demo.reply(request))).isEqualTo("You are welcome.");
    }
  }

  @Nested
  class Talking {
    @ParameterizedTest
    @CsvSource({
      "Hello!, Hello! I am Kantele's scripted demo",
      "hi, Hello! I am Kantele's scripted demo",
      "What can you do?, I am Kantele's scripted demo",
      "Write me a poem, 'I am Kantele''s scripted demo: no model is behind me'",
      "It's time to go, 'I am Kantele''s scripted demo: no model is behind me'",
    })
    void it_says_honestly_what_it_is(String prompt, String beginning) {
      var reply = demo.reply(Requests.of(prompt).tools(TOOLS).build());

      assertThat(text(reply)).startsWith(beginning).contains("What is 12 * 7");
      assertThat(calls(reply)).isEmpty();
    }

    @Test
    void it_streams_word_by_word_and_reports_what_it_used() {
      var reply = demo.reply(Requests.of("Hello!").tools(TOOLS).build());

      assertThat(reply.steps())
          .first()
          .isInstanceOfSatisfying(
              ScriptStep.Say.class,
              say ->
                  assertThat(say.pacing())
                      .isEqualTo(new Pacing(new Pieces.Words(), Duration.ofMillis(15))));
      assertThat(reply.steps())
          .last()
          .isInstanceOfSatisfying(
              ScriptStep.Report.class,
              report -> {
                assertThat(report.usage().inputTokens()).isBetween(5L, 50L);
                assertThat(report.usage().outputTokens()).isBetween(20L, 80L);
              });
    }

    @Test
    void the_same_prompt_gets_the_same_reply() {
      var request = Requests.of(BOTH).tools(TOOLS).build();

      assertThat(demo.reply(request)).isEqualTo(demo.reply(request));
    }
  }

  private static String text(ScriptReply reply) {
    var text = new StringBuilder();
    for (ScriptStep step : reply.steps()) {
      if (step instanceof ScriptStep.Say say) {
        text.append(say.text());
      }
    }
    return text.toString();
  }

  private static List<String> calls(ScriptReply reply) {
    return reply.steps().stream()
        .filter(ScriptStep.Call.class::isInstance)
        .map(ScriptStep.Call.class::cast)
        .map(call -> call.tool() + " " + call.arguments())
        .toList();
  }
}
