package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes are those of https://platform.openai.com/docs/api-reference/responses/create. */
final class ResponsesRequestTest {
  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  private static JsonNode body(ModelRequest request) {
    return switch (ResponsesRequest.of(request, "openai")) {
      // As it is sent.
      case ChatRequest.Body(var body) -> json(body.toString());
      case ChatRequest.Invalid(var message) -> throw new AssertionError(message);
    };
  }

  private static Message said(Part... parts) {
    return Message.of(Role.ASSISTANT, List.of(parts));
  }

  @Test
  void a_whole_request_is_this() {
    var look =
        new ToolSpec(
            "look",
            "Looks at \"things\"",
            json("{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\"}}}"),
            ToolEffect.READ_ONLY,
            Duration.ofSeconds(1));
    var call = new InvocationId("i1");
    ModelRequest request =
        new Requests()
            .model("gpt-5-mini")
            .tools(List.of(look))
            .params(json("{\"max_tokens\":100,\"reasoning_effort\":\"low\"}"))
            .outputSchema(json("{\"type\":\"array\"}"))
            .messages(
                Message.of(
                    Role.USER,
                    List.of(
                        new Part.Text("What is h\u00E9llo \u4E16?"),
                        new Part.Image("image/png", Optional.of("AAAA"), Optional.empty()),
                        new Part.File(
                            "application/pdf", "a.pdf", Optional.of("BBBB"), Optional.empty()))),
                said(
                    new Part.Reasoning("Hm.", Optional.of("openai:rs_1:ENC")),
                    new Part.Text("I look."),
                    new Part.ToolCall(call, "look", json("{\"at\":\"\u4E16\"}"))),
                Message.of(
                    Role.TOOL,
                    List.of(
                        new Part.ToolResult(
                            call, Optional.of(TextNode.valueOf("blue")), Optional.empty()))))
            .build();

    assertThat(body(request))
        .isEqualTo(
            json(
                """
                {"model":"gpt-5-mini","instructions":"Be brief.","input":[
                  {"type":"message","role":"user","content":[
                    {"type":"input_text","text":"What is h\u00E9llo \u4E16?"},
                    {"type":"input_image","image_url":"data:image/png;base64,AAAA"},
                    {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}]},
                  {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],
                   "encrypted_content":"ENC"},
                  {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]},
                  {"type":"function_call","call_id":"i1","name":"look","arguments":"{\\"at\\":\\"\u4E16\\"}"},
                  {"type":"function_call_output","call_id":"i1","output":"blue"}],
                 "stream":true,"store":false,"include":["reasoning.encrypted_content"],
                 "tools":[{"type":"function","name":"look","description":"Looks at \\"things\\"","strict":false,
                   "parameters":{"type":"object","properties":{"at":{"type":"string"}}}}],
                 "text":{"format":{"type":"json_schema","name":"output","schema":{"type":"array"}}},
                 "max_output_tokens":100,"reasoning":{"effort":"low"}}"""));
  }

  @Test
  void reasoning_that_nothing_follows_is_left_out() {
    JsonNode input =
        body(new Requests()
                .messages(
                    new Message(
                        Role.ASSISTANT,
                        List.of(new Part.Reasoning("Hm.", Optional.of("openai:rs_1:ENC"))),
                        /* partial= */ true))
                .user("Well?")
                .build())
            .path("input");

    assertThat(input).hasSize(1);
    assertThat(input.path(0).path("role").asText()).isEqualTo("user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "gpt-4.1-mini", "ft:gpt-4o:a:b", "gpt-5-chat-latest"})
  void a_model_that_does_not_reason_is_asked_for_none(String model) {
    JsonNode body =
        body(
            Requests.of("Hi.")
                .model(model)
                .messages(
                    said(
                        new Part.Reasoning("Hm.", Optional.of("openai:rs_1:ENC")),
                        new Part.Text("Ja.")))
                .build());

    assertThat(body.has("include")).isFalse();
    assertThat(body.toString()).doesNotContain("ENC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"store\":true}",
        "{\"input\":[]}",
        "{\"text\":{\"format\":{}}}",
        "{\"reasoning\":1}",
        "[]"
      })
  void what_the_node_sets_can_not_be_set(String params) {
    assertThat(ResponsesRequest.of(Requests.of("Hi.").params(json(params)).build(), "openai"))
        .isInstanceOf(ChatRequest.Invalid.class);
  }
}
