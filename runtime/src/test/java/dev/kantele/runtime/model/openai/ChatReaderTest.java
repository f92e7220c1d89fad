package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.ModelEvent.Failed;
import dev.kantele.runtime.model.ModelEvent.Finished;
import dev.kantele.runtime.model.ModelEvent.ReasoningDelta;
import dev.kantele.runtime.model.ModelEvent.TextDelta;
import dev.kantele.runtime.model.ModelEvent.ToolCallDelta;
import dev.kantele.runtime.model.ModelEvent.ToolCallStarted;
import dev.kantele.runtime.model.http.ServerSentEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatReaderTest {
  private static final ModelEvent END = new Finished(FinishReason.END, Usage.NONE);

  private final ChatReader reader = new ChatReader(ChatErrors.of(Optional.empty()));
  private final List<ModelEvent> said = new ArrayList<>();

  private List<ModelEvent> read(String... data) {
    for (String each : data) {
      said.addAll(reader.read(new ServerSentEvent("message", each, "")));
    }
    return said;
  }

  private static String delta(String fields) {
    return "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{" + fields + "}}]}";
  }

  private static String calls(String... fragments) {
    return delta("\"tool_calls\":[" + String.join(",", fragments) + "]");
  }

  private static String finish(String reason) {
    return "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}";
  }

  private List<ModelEvent> calling(String... chunks) {
    read(chunks);
    return read(finish("tool_calls"), "[DONE]");
  }

  private static ModelEvent called(FinishReason reason) {
    return new Finished(reason, Usage.NONE);
  }

  @Nested
  class Text {
    @Test
    void is_one_part_however_many_pieces_it_has() {
      assertThat(
              read(
                  delta("\"role\":\"assistant\",\"content\":\"\""),
                  delta("\"content\":\"Hel\""),
                  delta("\"content\":null"),
                  delta(""),
                  delta("\"content\":\"lo\",\"new_field\":{\"a\":[1]}"),
                  finish("stop"),
                  "[DONE]"))
          .containsExactly(new TextDelta(0, "Hel"), new TextDelta(0, "lo"), END);
    }

    @Test
    void of_other_choices_is_passed_over() {
      assertThat(
              read(
                  "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"B\"},\"finish_reason\":\"length\"},"
                      + "{\"delta\":{\"content\":\"A\"}}]}"))
          .containsExactly(new TextDelta(0, "A"));
    }

    @Test
    void may_come_as_one_whole_message_and_as_a_list() {
      assertThat(
              read(
                  "{\"choices\":[{\"index\":0,\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"A\"},"
                      + "{\"type\":\"text\",\"text\":\"B\"}]},\"finish_reason\":\"stop\"}]}",
                  "[DONE]"))
          .containsExactly(new TextDelta(0, "AB"), END);
    }

    @Test
    void of_a_refusal_makes_the_end_one() {
      assertThat(read(delta("\"refusal\":\"I can't.\""), finish("stop"), "[DONE]"))
          .containsExactly(
              new TextDelta(0, "I can't."), new Finished(FinishReason.REFUSAL, Usage.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning_content", "reasoning"})
    void comes_after_reasoning_as_a_part_of_its_own(String field) {
      assertThat(
              read(
                  delta("\"" + field + "\":\"Hm\",\"content\":null"),
                  delta("\"" + field + "\":\".\",\"content\":\"\""),
                  delta("\"" + field + "\":null,\"content\":\"A\"")))
          .containsExactly(
              new ReasoningDelta(0, "Hm"), new ReasoningDelta(0, "."), new TextDelta(1, "A"));
    }

    @Test
    void is_not_doubled_by_servers_that_say_their_reasoning_twice() {
      assertThat(read(delta("\"reasoning\":\"Hm\",\"reasoning_content\":\"Hm\"")))
          .containsExactly(new ReasoningDelta(0, "Hm"));
    }
  }

  @Nested
  class ToolCalls {
    @Test
    void are_put_together_by_their_index_after_the_text() {
      assertThat(
              calling(
                  delta("\"content\":\"Look:\""),
                  calls(
                      "{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"\"}}"),
                  calls("{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\"\"}}"),
                  calls(
                      "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"send\",\"arguments\":\"{\"}}"),
                  calls(
                      "{\"index\":1,\"function\":{\"arguments\":\"}\"}}",
                      "{\"index\":0,\"function\":{\"arguments\":\":1}\"}}")))
          .containsExactly(
              new TextDelta(0, "Look:"),
              new ToolCallStarted(1, "look"),
              new ToolCallDelta(1, "{\"x\""),
              new ToolCallStarted(2, "send"),
              new ToolCallDelta(2, "{"),
              new ToolCallDelta(2, "}"),
              new ToolCallDelta(1, ":1}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void may_begin_in_any_order() {
      assertThat(
              calling(
                  calls(
                      "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"send\",\"arguments\":\"{\"}}"),
                  calls(
                      "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}"),
                  calls("{\"index\":1,\"function\":{\"arguments\":\"}\"}}")))
          .containsExactly(
              new ToolCallStarted(0, "send"),
              new ToolCallDelta(0, "{"),
              new ToolCallStarted(1, "look"),
              new ToolCallDelta(1, "{}"),
              new ToolCallDelta(0, "}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void may_come_whole_and_all_with_the_same_index() {
      assertThat(
              calling(
                  calls(
                      "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}"),
                  calls(
                      "{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}")))
          .containsExactly(
              new ToolCallStarted(0, "look"),
              new ToolCallDelta(0, "{}"),
              new ToolCallStarted(1, "look"),
              new ToolCallDelta(1, "{}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void may_have_no_index() {
      assertThat(
              calling(
                  calls("{\"id\":\"a\",\"function\":{\"name\":\"look\",\"arguments\":\"{\"}}"),
                  calls("{\"id\":\"a\",\"function\":{\"arguments\":\"}\"}}"),
                  calls("{\"id\":\"b\",\"function\":{\"name\":\"send\",\"arguments\":\"{}\"}}")))
          .containsExactly(
              new ToolCallStarted(0, "look"),
              new ToolCallDelta(0, "{"),
              new ToolCallDelta(0, "}"),
              new ToolCallStarted(1, "send"),
              new ToolCallDelta(1, "{}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void may_have_neither_index_nor_id_and_arguments_that_are_an_object() {
      assertThat(
              calling(
                  calls(
                      "{\"function\":{\"name\":\"look\",\"arguments\":{\"x\":1}}}",
                      "{\"function\":{\"name\":\"send\",\"arguments\":\"{\"}}"),
                  calls("{\"function\":{\"arguments\":\"}\"}}")))
          .containsExactly(
              new ToolCallStarted(0, "look"),
              new ToolCallDelta(0, "{\"x\":1}"),
              new ToolCallStarted(1, "send"),
              new ToolCallDelta(1, "{"),
              new ToolCallDelta(1, "}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void may_say_their_name_and_id_again_with_each_fragment() {
      assertThat(
              calling(
                  calls(
                      "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"look\",\"arguments\":\"{\"}}"),
                  calls(
                      "{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"look\",\"arguments\":\"}\"}}")))
          .containsExactly(
              new ToolCallStarted(0, "look"),
              new ToolCallDelta(0, "{"),
              new ToolCallDelta(0, "}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void begin_when_their_name_is_known() {
      assertThat(
              calling(
                  calls("{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{\"}}"),
                  calls("{\"index\":0,\"function\":{\"name\":\"look\",\"arguments\":\"}\"}}")))
          .containsExactly(
              new ToolCallStarted(0, "look"),
              new ToolCallDelta(0, "{"),
              new ToolCallDelta(0, "}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void that_never_get_a_name_fail_the_answer() {
      assertThat(calling(calls("{\"index\":0,\"id\":\"a\",\"function\":{\"arguments\":\"{}\"}}")))
          .singleElement()
          .isInstanceOf(Failed.class);
    }

    @Test
    void may_be_the_only_one_as_before_there_were_tools() {
      assertThat(
              read(
                  delta("\"function_call\":{\"name\":\"look\",\"arguments\":\"\"}"),
                  delta("\"function_call\":{\"arguments\":\"{}\"}"),
                  finish("function_call"),
                  "[DONE]"))
          .containsExactly(
              new ToolCallStarted(0, "look"),
              new ToolCallDelta(0, "{}"),
              called(FinishReason.TOOL_CALLS));
    }

    @Test
    void are_followed_by_text_as_a_part_of_its_own() {
      assertThat(
              read(
                  calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"look\"}}"),
                  delta("\"content\":\"And\"")))
          .containsExactly(new ToolCallStarted(0, "look"), new TextDelta(1, "And"));
    }
  }

  @Nested
  class TheEnd {
    @ParameterizedTest
    @CsvSource({
      "stop, END",
      "length, MAX_TOKENS",
      "content_filter, CONTENT_FILTER",
      "tool_calls, END",
      "eos, END"
    })
    void has_a_reason(String said, FinishReason reason) {
      assertThat(read(finish(said), "[DONE]")).containsExactly(called(reason));
    }

    @Test
    void is_for_tool_calls_even_if_it_is_called_otherwise() {
      read(calls("{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"look\"}}"));

      assertThat(read(finish("stop"), "[DONE]")).last().isEqualTo(called(FinishReason.TOOL_CALLS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "abort", "insufficient_system_resource"})
    void by_the_server_itself_is_a_failure(String said) {
      assertThat(read(finish(said), "[DONE]")).singleElement().isInstanceOf(Failed.class);
    }

    @Test
    void waits_for_the_usage_that_comes_after_the_reason() {
      assertThat(
              read(
                  delta("\"content\":\"A\""),
                  finish("stop"),
                  """
                  {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,
                    "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":15}}}
                  """,
                  "[DONE]"))
          .containsExactly(
              new TextDelta(0, "A"), new Finished(FinishReason.END, new Usage(10, 20, 4)));
    }

    @Test
    void may_have_its_reason_before_the_last_words() {
      assertThat(read(finish("stop"), delta("\"content\":\"Late.\""), "[DONE]"))
          .containsExactly(new TextDelta(0, "Late."), END);
    }

    @Test
    void has_the_latest_usage_and_none_that_makes_no_sense() {
      assertThat(
              read(
                  "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}",
                  "{\"choices\":[],\"usage\":null}",
                  "{\"choices\":[],\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":\"x\",\"prompt_cache_hit_tokens\":2}}",
                  finish("stop"),
                  "[DONE]"))
          .containsExactly(new Finished(FinishReason.END, new Usage(0, 0, 2)));
    }

    @Test
    void may_be_the_connections_if_the_reason_is_known() {
      read(delta("\"content\":\"A\""), finish("stop"));

      assertThat(reader.end()).containsExactly(END);
    }

    @Test
    void is_not_known_without_a_reason() {
      assertThat(read(delta("\"content\":\"A\""), "[DONE]")).last().isInstanceOf(Failed.class);
      assertThat(reader.end()).isEmpty();
    }
  }

  @Nested
  class AnError {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{\"error\":{\"message\":\"busy\",\"type\":\"server_error\"}} | provider_error | true",
          "{\"error\":\"busy\"} | provider_error | true",
          "{\"object\":\"error\",\"message\":\"bad\",\"type\":\"BadRequestError\",\"code\":400} | invalid_request | false",
          "{\"error\":{\"message\":\"slow\",\"code\":\"rate_limit_exceeded\"}} | rate_limited | true",
          "{\"error\":{\"message\":\"paid\",\"type\":\"insufficient_quota\"}} | insufficient_quota | false",
          "{\"error\":{\"message\":\"this model's maximum context length is 10\"}} | context_length_exceeded | false",
        })
    void ends_the_answer(String data, String code, boolean retryable) {
      var failed = (Failed) read(data).getLast();

      assertThat(failed.failure().code()).isEqualTo(code);
      assertThat(failed.failure().retryable()).isEqualTo(retryable);
    }

    @Test
    void that_is_null_is_none() {
      assertThat(read("{\"error\":null,\"choices\":[{\"delta\":{\"content\":\"A\"}}]}"))
          .containsExactly(new TextDelta(0, "A"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "{", "{} {}", "[1]", "\"x\"", "null", "1"})
    void is_what_is_no_object(String data) {
      assertThat(read(data)).singleElement().isInstanceOf(Failed.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"choices\":null}",
        "{\"choices\":{}}",
        "{\"choices\":[null,1,\"x\",[]]}",
        "{\"choices\":[{\"delta\":null}]}",
        "{\"choices\":[{\"delta\":{\"content\":1,\"tool_calls\":5,\"function_call\":[]}}],\"usage\":7}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":null},\"finish_reason\":null}]}",
        " ",
      })
  void what_nobody_expects_is_passed_over(String data) {
    assertThat(read(data)).isEmpty();
    assertThat(reader.end()).isEmpty();
  }
}
