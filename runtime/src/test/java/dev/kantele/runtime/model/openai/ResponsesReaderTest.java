package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.http.ServerSentEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The events are those of https://platform.openai.com/docs/api-reference/responses-streaming. */
final class ResponsesReaderTest {
  private final ResponsesReader reader =
      new ResponsesReader("openai", ChatErrors.of(Optional.empty()));

  private List<ModelEvent> read(String... events) {
    var said = new ArrayList<ModelEvent>();
    for (String event : events) {
      said.addAll(
          reader.read(
              new ServerSentEvent("message", event.replace('\'', '"').replace("^", "\\\""), "")));
    }
    return said;
  }

  private static String completed(String fields) {
    return "{'type':'response.completed','response':{'status':'completed','error':null%s}}"
        .formatted(fields);
  }

  @Test
  void a_call_counts_as_the_reason_and_comes_in_pieces_once() {
    assertThat(
            read(
                "{'type':'response.output_item.added','output_index':0,'item':{'type':'function_call','id':'fc_1','call_id':'call_1','name':'get_weather','arguments':''}}",
                "{'type':'response.function_call_arguments.delta','item_id':'fc_1','output_index':0,'delta':'{^lo'}",
                "{'type':'response.function_call_arguments.done','item_id':'fc_1','output_index':0,'arguments':'{^lo^:1}'}",
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'function_call','id':'fc_1','call_id':'call_1','name':'get_weather','arguments':'{^lo^:1}'}}",
                completed(
                    ",'usage':{'input_tokens':37,'output_tokens':11,'output_tokens_details':{'reasoning_tokens':4},'input_tokens_details':{'cached_tokens':30},'total_tokens':48}")))
        .containsExactly(
            new ModelEvent.ToolCallStarted(0, "get_weather"),
            new ModelEvent.ToolCallDelta(0, "{\"lo"),
            new ModelEvent.ToolCallDelta(0, "\":1}"),
            new ModelEvent.Finished(FinishReason.TOOL_CALLS, new Usage(37, 11, 30)));
  }

  @Test
  void reasoning_without_a_summary_is_kept_for_the_next_call() {
    assertThat(
            read(
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'gAAA'}}"))
        .containsExactly(new ModelEvent.ReasoningSigned(0, "openai:rs_1:gAAA"));
  }

  @Test
  void paragraphs_of_a_summary_are_one_part() {
    assertThat(
            read(
                "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':0,'delta':'A'}",
                "{'type':'response.reasoning_summary_text.delta','output_index':0,'summary_index':1,'delta':'B'}"))
        .containsExactly(
            new ModelEvent.ReasoningDelta(0, "A"), new ModelEvent.ReasoningDelta(0, "\n\nB"));
  }

  @Test
  void a_refusal_is_the_reason() {
    assertThat(
            read(
                "{'type':'response.refusal.delta','output_index':0,'content_index':0,'delta':'No.'}",
                completed("")))
        .containsExactly(
            new ModelEvent.TextDelta(0, "No."),
            new ModelEvent.Finished(FinishReason.REFUSAL, Usage.NONE));
  }

  @Test
  void a_message_that_comes_whole_is_said_when_it_is_done() {
    assertThat(
            read(
                "{'type':'response.output_item.done','output_index':0,'item':{'type':'message','content':[{'type':'output_text','text':'Hi'}]}}"))
        .containsExactly(new ModelEvent.TextDelta(0, "Hi"));
  }

  @Test
  void a_response_that_failed_says_why_and_what_it_cost() {
    assertThat(
            read(
                "{'type':'response.failed','response':{'status':'failed','error':{'code':'rate_limit_exceeded','message':'Slow.'},'usage':{'input_tokens':5,'output_tokens':1}}}"))
        .singleElement()
        .isInstanceOfSatisfying(
            ModelEvent.Failed.class,
            failed -> {
              assertThat(failed.failure().code()).isEqualTo("rate_limited");
              assertThat(failed.failure().retryable()).isTrue();
              assertThat(failed.usage()).contains(new Usage(5, 1, 0));
            });
  }

  @Test
  void an_answer_is_not_whole_without_its_last_event() {
    read("{'type':'response.output_text.delta','output_index':0,'content_index':0,'delta':'Hi'}");

    assertThat(reader.end()).isEmpty();
  }
}
