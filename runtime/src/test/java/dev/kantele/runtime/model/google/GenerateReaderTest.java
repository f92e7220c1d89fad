package dev.kantele.runtime.model.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.model.http.ServerSentEvent;
import dev.kantele.runtime.tool.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The answers have the shape of the examples in Google's <a
 * href="https://ai.google.dev/gemini-api/docs/thought-signatures">Thought signatures</a>.
 */
final class GenerateReaderTest {
  private static List<ModelEvent> read(String... chunks) {
    var reader = new GenerateReader(GoogleErrors.of(Optional.empty()));
    var events = new ArrayList<ModelEvent>();
    for (String chunk : chunks) {
      events.addAll(reader.read(new ServerSentEvent("message", chunk, "")));
    }
    events.addAll(reader.end());
    return events;
  }

  @Test
  void the_signature_of_a_call_comes_before_it_and_goes_back_on_it() {
    List<ModelEvent> events =
        read(
            """
            {"candidates": [{"content": {"role": "model", "parts": [
              {"functionCall": {"name": "check_flight", "args": {"flight": "AA100"}}, "thoughtSignature": "SigA"},
              {"functionCall": {"name": "check_flight", "args": {}}}]}, "finishReason": "STOP"}],
             "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 2, "thoughtsTokenCount": 3}}
            """);

    assertThat(events)
        .containsExactly(
            new ModelEvent.ReasoningSigned(0, "google:SigA"),
            new ModelEvent.ToolCallStarted(1, "check_flight"),
            new ModelEvent.ToolCallDelta(1, "{\"flight\":\"AA100\"}"),
            new ModelEvent.ToolCallStarted(2, "check_flight"),
            new ModelEvent.ToolCallDelta(2, "{}"),
            new ModelEvent.Finished(FinishReason.TOOL_CALLS, new Usage(9, 5, 0)));

    JsonNode sent =
        GenerateContents.of(
            List.of(
                Message.of(
                    Role.ASSISTANT,
                    List.of(
                        new Part.Reasoning("", Optional.of("google:SigA")),
                        new Part.ToolCall(
                            new InvocationId("i1"), "check_flight", Tools.json("{}"))))));
    assertThat(sent.at("/0/parts"))
        .isEqualTo(
            Tools.json(
                """
                [{"functionCall": {"id": "i1", "name": "check_flight", "args": {}}, "thoughtSignature": "SigA"}]
                """));
  }

  @Test
  void a_prompt_that_is_blocked_was_filtered() {
    assertThat(read("{\"promptFeedback\": {\"blockReason\": \"PROHIBITED_CONTENT\"}}"))
        .containsExactly(new ModelEvent.Finished(FinishReason.CONTENT_FILTER, Usage.NONE));
  }

  @Test
  void an_answer_without_a_finish_reason_is_not_whole() {
    assertThat(read("{\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"Half\"}]}}]}"))
        .containsExactly(new ModelEvent.TextDelta(0, "Half"));
  }
}
