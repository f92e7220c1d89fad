package dev.kantele.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.tool.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptParserTest {
  @Nested
  class Grammar {
    @Test
    void a_reply_is_a_step_a_list_of_steps_or_has_conditions() {
      Script script =
          parse(
              """
              - say: one
              - - say: two
                - never
              - when: {call: 3}
                reply: {say: three}
              - reply:
                  - say: four
                  - drop
              """);

      assertThat(script)
          .isEqualTo(
              Script.of(
                  ScriptReply.of(ScriptStep.say("one")),
                  ScriptReply.of(ScriptStep.say("two"), ScriptStep.never()),
                  ScriptReply.of(ScriptStep.say("three")).onCall(3),
                  ScriptReply.of(ScriptStep.say("four"), ScriptStep.drop())));
    }

    @Test
    void every_step_can_be_written() {
      Script script =
          parse(
              """
              - - reason: hm
                  signature: sig
                - say: "Hello"
                  chunk: 3
                  every: 20ms
                - say: words come
                  chunk: words
                - pause: 2s
                - call: {tool: clock, arguments: {zone: UTC, deep: [1, 2.5, true, null]}}
                - call: {tool: clock}
                - malformed: {tool: clock, arguments: "{"}
                - flood: {deltas: 10, bytes: 20}
                - usage: {input: 5, output: 6, cached: 7}
                - finish: max_tokens
              - - fail: {code: overloaded, message: Busy, retryable: true}
              - - fail: {code: broken}
              """);

      assertThat(script.replies())
          .extracting(ScriptReply::steps)
          .containsExactly(
              List.of(
                  new ScriptStep.Reason("hm", Optional.of("sig"), Pacing.DEFAULT),
                  ScriptStep.say("Hello", 3, Duration.ofMillis(20)),
                  new ScriptStep.Say("words come", new Pacing(new Pieces.Words(), Duration.ZERO)),
                  ScriptStep.pause(Duration.ofSeconds(2)),
                  ScriptStep.call(
                      "clock", Tools.json("{\"zone\":\"UTC\",\"deep\":[1,2.5,true,null]}")),
                  ScriptStep.call("clock", Tools.json("{}")),
                  ScriptStep.malformed("clock", "{"),
                  ScriptStep.flood(10, 20),
                  new ScriptStep.Report(new Usage(5, 6, 7)),
                  ScriptStep.finish(FinishReason.MAX_TOKENS)),
              List.of(ScriptStep.fail("overloaded", "Busy", true)),
              List.of(ScriptStep.fail("broken", "The script says so", false)));
    }

    @Test
    void every_condition_can_be_written() {
      When when =
          parse(
                  """
                  - when: {call: 2, attempt: 3, text: "(?i)hello", after_tool: clock}
                    reply: drop
                  """)
              .replies()
              .getFirst()
              .when();

      assertThat(when.call()).isEqualTo(OptionalInt.of(2));
      assertThat(when.attempt()).isEqualTo(OptionalInt.of(3));
      assertThat(when.text().map(Pattern::pattern)).contains("(?i)hello");
      assertThat(when.afterTool()).contains("clock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"end", "tool_calls", "max_tokens", "refusal", "content_filter"})
    void every_finish_can_be_written(String reason) {
      assertThat(parse("- finish: " + reason).replies()).hasSize(1);
    }

    @Test
    void numbers_and_words_of_yaml_are_text_where_text_is_meant() {
      assertThat(parse("- say: 42\n- say: yes"))
          .isEqualTo(
              Script.of(
                  ScriptReply.of(ScriptStep.say("42")), ScriptReply.of(ScriptStep.say("yes"))));
    }

    @Test
    void every_example_of_the_documentation_is_a_script() throws IOException {
      String page = Files.readString(Path.of("..", "docs", "scripted-models.md"));
      List<String> examples =
          Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
              .matcher(page)
              .results()
              .map(example -> example.group(1))
              .toList();

      assertThat(examples).hasSizeGreaterThan(3).allSatisfy(ScriptParserTest::parse);
    }
  }

  @Nested
  class Refusals {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            say: hello                          | 1: {"say":"hello"} (expected: a list of replies)
            []                                  | 1: [] (expected: a list of replies)
            - wait                              | 1: "wait" (expected: one step of say, reason, call, malformed, pause, flood, usage, finish, fail, drop, never)
            - {shout: hello}                    | 1: {"shout":"hello"} (expected: one step of say, reason, call, malformed, pause, flood, usage, finish, fail, drop, never, its name first)
            - {say: hello, chnk: 3}             | 1: 'chnk' is not known here (expected: one of say, chunk, every)
            - {say: hello, chunk: 0}            | 1: chunk: 0 (expected: a whole number within 1..2147483647)
            - {say: hello, every: soon}         | 1: every: "soon" (expected: a duration such as 250ms, 2s or 1m)
            - {say: [a]}                        | 1: say: ["a"] (expected: a text)
            - {say: }                           | 1: say: null (expected: a text)
            - {pause: 5}                        | 1: pause: 5 (expected: a duration such as 250ms, 2s or 1m)
            - {call: clock}                     | 1: "clock" (expected: {tool: NAME, arguments: {…}})
            - {call: {arguments: {}}}           | 1: 'tool' is missing (expected: a text)
            - {call: {tool: a, arguments: [1]}} | 1: arguments: [1] (expected: a mapping)
            - {flood: {deltas: 0, bytes: 1}}    | 1: deltas: 0 (expected: a whole number within 1..100000000)
            - {flood: {deltas: 1}}              | 1: 'bytes' is missing (expected: a whole number within 1..1048576)
            - {usage: {input: -1}}              | 1: input: -1 (expected: a whole number within 0..2147483647)
            - {finish: done}                    | 1: finish: "done" (expected: one of end, tool_calls, max_tokens, refusal, content_filter)
            - {fail: {code: a, retryable: 1}}   | 1: retryable: 1 (expected: true or false)
            - {reply: {say: a}, wen: {call: 1}} | 1: 'wen' is not known here (expected: one of when, reply)
            - {when: {call: 1}}                 | 1: 'reply' is missing (expected: a step or a list of steps)
            - {when: {text: "("}, reply: drop}  | 1: text: "(" (expected: a regular expression)
            - [drop, {say: a}]                  | 1: nothing can follow finish, fail, drop or never (expected: no step)
            - {say: a, say: b}                  | 1: 'say' is there twice (expected: once)
            - &x {say: a}⏎- *x                  | 2: an alias (expected: the value itself)
            - say: a⏎---⏎- say: b              | 3: a second document (expected: one document in a file)
            - say: a⏎- say: "b                  | 2: not YAML: while scanning a quoted scalar (expected: a list of replies)
            """)
    void what_is_no_script_is_refused_with_file_line_and_expectation(String yaml, String error) {
      assertThatThrownBy(() -> parse(yaml.replace("⏎", "\n")))
          .isInstanceOf(SettingsException.class)
          .hasMessage("test.yaml:" + error);
    }

    @Test
    void the_line_is_that_of_the_step() {
      String yaml =
          """
          # A comment
          - - say: one
            - drop
            - say: two
          """;

      assertThatThrownBy(() -> parse(yaml))
          .hasMessageStartingWith("test.yaml:4: nothing can follow");
    }

    @Test
    void an_empty_file_is_no_script() {
      assertThatThrownBy(() -> parse(""))
          .hasMessage("test.yaml: empty (expected: a list of replies)");
    }

    @Test
    void a_script_of_endless_nesting_is_refused() {
      assertThatThrownBy(() -> parse("- " + "[".repeat(100_000)))
          .isInstanceOf(SettingsException.class);
    }
  }

  private static Script parse(String yaml) {
    return Script.parse("test.yaml", yaml);
  }
}
