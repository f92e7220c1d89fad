package dev.kantele.runtime.model.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.http.EventStreamParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The streams have the shape of the examples in Anthropic's <a
 * href="https://platform.claude.com/docs/en/build-with-claude/streaming">Streaming messages</a> and
 * <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">Extended
 * thinking</a>.
 */
final class MessagesReaderTest {
  private static final String START =
      """
      event: message_start
      data: {"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "claude-opus-4-7", "stop_reason": null, "stop_sequence": null, "usage": {"input_tokens": 25, "cache_creation_input_tokens": 10, "cache_read_input_tokens": 5, "output_tokens": 1}}}

      event: ping
      data: {"type": "ping"}

      """;

  private static final String STOP =
      """
      event: message_stop
      data: {"type": "message_stop"}

      """;

  private static List<ModelEvent> read(String stream) {
    var reader = new MessagesReader(AnthropicErrors.of(Optional.empty()));
    var events = new ArrayList<ModelEvent>();
    new EventStreamParser(100_000)
        .accept(ByteString.fromString(stream), event -> events.addAll(reader.read(event)));
    events.addAll(reader.end());
    return events;
  }

  private static String delta(String reason) {
    return """
        event: message_delta
        data: {"type": "message_delta", "delta": {"stop_reason": "%s", "stop_sequence": null}, "usage": {"output_tokens": 15}}

        """
        .formatted(reason);
  }

  @Test
  void text_is_told_and_all_input_is_counted() {
    String stream =
        START
            + """
            event: content_block_start
            data: {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}

            event: content_block_delta
            data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}

            event: content_block_delta
            data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "!"}}

            event: content_block_stop
            data: {"type": "content_block_stop", "index": 0}

            """
            + delta("end_turn")
            + STOP;

    assertThat(read(stream))
        .containsExactly(
            new ModelEvent.TextDelta(0, "Hello"),
            new ModelEvent.TextDelta(0, "!"),
            new ModelEvent.Finished(FinishReason.END, new Usage(40, 15, 5)));
  }

  @Test
  void thinking_is_told_with_its_signature() {
    String stream =
        START
            + """
            event: content_block_start
            data: {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}

            event: content_block_delta
            data: {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "I need to find the GCD of 1071 and 462"}}

            event: content_block_delta
            data: {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "EqQBCgIYAhIM"}}

            event: content_block_stop
            data: {"type": "content_block_stop", "index": 0}

            event: content_block_start
            data: {"type": "content_block_start", "index": 1, "content_block": {"type": "redacted_thinking", "data": "EmwKAhgB"}}

            event: content_block_stop
            data: {"type": "content_block_stop", "index": 1}

            event: content_block_start
            data: {"type": "content_block_start", "index": 2, "content_block": {"type": "text", "text": "21"}}

            """
            + delta("end_turn")
            + STOP;

    assertThat(read(stream))
        .startsWith(
            new ModelEvent.ReasoningDelta(0, "I need to find the GCD of 1071 and 462"),
            new ModelEvent.ReasoningSigned(0, "anthropic:EqQBCgIYAhIM"),
            new ModelEvent.ReasoningSigned(1, "anthropic:redacted:EmwKAhgB"),
            new ModelEvent.TextDelta(2, "21"));
  }

  @Test
  void thinking_that_is_not_shown_is_only_signed() {
    String stream =
        START
            + """
            event: content_block_start
            data: {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}

            event: content_block_delta
            data: {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "EqQB"}}

            event: content_block_stop
            data: {"type": "content_block_stop", "index": 0}

            """;

    assertThat(read(stream)).containsExactly(new ModelEvent.ReasoningSigned(0, "anthropic:EqQB"));
  }

  @Test
  void a_call_is_put_together_while_what_a_server_runs_is_passed_over() {
    String stream =
        START
            + """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"query\\":"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_01T1","name":"get_weather","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"location\\":"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":" \\"San Francisco, CA\\"}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            """
            + delta("tool_use")
            + STOP;

    assertThat(read(stream))
        .containsExactly(
            new ModelEvent.ToolCallStarted(0, "get_weather"),
            new ModelEvent.ToolCallDelta(0, "{\"location\":"),
            new ModelEvent.ToolCallDelta(0, " \"San Francisco, CA\"}"),
            new ModelEvent.Finished(FinishReason.TOOL_CALLS, new Usage(40, 15, 5)));
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, END",
    "stop_sequence, END",
    "a_new_one, END",
    "max_tokens, MAX_TOKENS",
    "model_context_window_exceeded, MAX_TOKENS",
    "refusal, REFUSAL",
  })
  void each_reason_to_stop_has_its_name(String said, FinishReason reason) {
    assertThat(read(START + delta(said) + STOP))
        .containsExactly(new ModelEvent.Finished(reason, new Usage(40, 15, 5)));
  }

  @Test
  void an_answer_that_is_only_paused_is_not_whole() {
    assertThat(read(START + delta("pause_turn") + STOP))
        .containsExactly(failed("incomplete", "the answer was paused before its end", true));
  }

  @Test
  void without_a_reason_to_stop_an_answer_is_not_whole() {
    assertThat(read(START + STOP))
        .containsExactly(failed("incomplete", "the answer ended without a stop reason", true));
    assertThat(read(START + delta("end_turn"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded_error, provider_unavailable, true",
    "rate_limit_error, rate_limited, true",
    "api_error, provider_unavailable, true",
    "timeout_error, timeout, true",
    "invalid_request_error, invalid_request, false",
    "authentication_error, unauthenticated, false",
    "something_else, provider_error, true",
  })
  void an_error_in_the_middle_is_a_failure_with_what_it_cost(
      String type, String code, boolean retryable) {
    String stream =
        START
            + """
            event: error
            data: {"type": "error", "error": {"type": "%s", "message": "Overloaded"}}

            """
                .formatted(type);

    assertThat(read(stream))
        .singleElement()
        .isInstanceOfSatisfying(
            ModelEvent.Failed.class,
            failed -> {
              assertThat(failed.failure().code()).isEqualTo(code);
              assertThat(failed.failure().retryable()).isEqualTo(retryable);
              assertThat(failed.usage()).contains(new Usage(40, 1, 5));
            });
  }

  @Test
  void what_is_no_json_is_a_failure() {
    assertThat(read("data: {\"type\": \n\n"))
        .containsExactly(failed("provider_error", "the answer has an event that is no JSON", true));
  }

  private static ModelEvent failed(String code, String message, boolean retryable) {
    return new ModelEvent.Failed(new Failure(code, message, retryable));
  }
}
