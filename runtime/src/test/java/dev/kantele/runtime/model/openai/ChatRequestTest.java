package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.Failure;
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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatRequestTest {
  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  private static JsonNode body(ModelRequest request, boolean openAi) {
    return switch (ChatRequest.of(request, openAi)) {
      // As it is sent.
      case ChatRequest.Body(var body) -> json(body.toString());
      case ChatRequest.Invalid(var message) -> throw new AssertionError(message);
    };
  }

  private static JsonNode messages(Message... messages) {
    return body(new Requests().messages(messages).build(), true).path("messages");
  }

  private static Message user(Part... parts) {
    return Message.of(Role.USER, List.of(parts));
  }

  private static Message assistant(Part... parts) {
    return Message.of(Role.ASSISTANT, List.of(parts));
  }

  private static Part.ToolCall call(String id, String name, String arguments) {
    return new Part.ToolCall(new InvocationId(id), name, json(arguments));
  }

  private static Part result(String id, String output) {
    return new Part.ToolResult(new InvocationId(id), Optional.of(json(output)), Optional.empty());
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
    ModelRequest request =
        new Requests()
            .model("gpt-5-mini")
            .tools(List.of(look))
            .messages(
                user(new Part.Text("What is h\u00E9llo \u4E16?")),
                assistant(
                    new Part.Reasoning("Hm.", Optional.of("sig")),
                    new Part.Text("Let me look."),
                    call("s1-1.2", "look", "{\"at\":\"\u4E16\"}"),
                    call("s1-1.3", "look", "{}")),
                Message.of(
                    Role.TOOL,
                    List.of(
                        result("s1-1.2", "\"a world\""),
                        new Part.ToolResult(
                            new InvocationId("s1-1.3"),
                            Optional.empty(),
                            Optional.of(new Failure("timed_out", "it took too long", false))))))
            .build();

    assertThat(body(request, true))
        .isEqualTo(
            json(
                """
                {
                  "model": "gpt-5-mini",
                  "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "What is h\u00E9llo \u4E16?"},
                    {
                      "role": "assistant",
                      "content": "Let me look.",
                      "tool_calls": [
                        {"id": "s1-1_2", "type": "function", "function": {"name": "look", "arguments": "{\\"at\\":\\"\u4E16\\"}"}},
                        {"id": "s1-1_3", "type": "function", "function": {"name": "look", "arguments": "{}"}}
                      ]
                    },
                    {"role": "tool", "tool_call_id": "s1-1_2", "content": "a world"},
                    {"role": "tool", "tool_call_id": "s1-1_3", "content": "Error (timed_out): it took too long"}
                  ],
                  "stream": true,
                  "stream_options": {"include_usage": true},
                  "tools": [
                    {
                      "type": "function",
                      "function": {
                        "name": "look",
                        "description": "Looks at \\"things\\"",
                        "parameters": {"type": "object", "properties": {"at": {"type": "string"}}}
                      }
                    }
                  ]
                }
                """));
  }

  @Nested
  class AMessage {
    @Test
    void has_pictures_and_files_as_data_or_by_address() {
      assertThat(
              messages(
                      user(
                          new Part.Text("See:"),
                          new Part.Image("image/png", Optional.of("AAAA"), Optional.empty()),
                          new Part.Image(
                              "image/png",
                              Optional.empty(),
                              Optional.of("https://a.example/b.png")),
                          new Part.File(
                              "application/pdf", "a.pdf", Optional.of("BBBB"), Optional.empty()),
                          new Part.File(
                              "application/pdf",
                              "b.pdf",
                              Optional.empty(),
                              Optional.of("https://a.example/b.pdf")),
                          new Part.Resource("file:///c", Optional.of("c"), Optional.empty()),
                          new Part.Data(json("{\"d\":1}"))))
                  .get(1)
                  .path("content"))
          .isEqualTo(
              json(
                  """
                  [
                    {"type": "text", "text": "See:"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                    {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}},
                    {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,BBBB"}},
                    {"type": "text", "text": "[b.pdf, application/pdf: https://a.example/b.pdf]"},
                    {"type": "text", "text": "[c: file:///c]"},
                    {"type": "text", "text": "{\\"d\\":1}"}
                  ]
                  """));
    }

    @Test
    void that_was_cut_off_is_sent_as_far_as_it_went() {
      JsonNode messages =
          messages(
              user(new Part.Text("Go on.")),
              new Message(
                  Role.ASSISTANT,
                  List.of(
                      new Part.Reasoning("Hm.", Optional.empty()),
                      new Part.Text("So "),
                      new Part.Text("far")),
                  /* partial= */ true),
              user(new Part.Text("And?")));

      assertThat(messages.get(2))
          .isEqualTo(json("{\"role\":\"assistant\",\"content\":\"So far\"}"));
      assertThat(messages).hasSize(4);
    }

    @Test
    void of_reasoning_only_is_left_out() {
      assertThat(messages(assistant(new Part.Reasoning("Hm.", Optional.empty())))).hasSize(1);
    }

    @Test
    void of_calls_only_has_no_text() {
      JsonNode message = messages(assistant(call("i1", "look", "{}"))).get(1);

      assertThat(message.path("content").isNull()).isTrue();
      assertThat(message.path("tool_calls")).hasSize(1);
    }
  }

  @Nested
  class ACall {
    @Test
    void of_a_tool_that_the_model_made_up_has_a_name_that_can_be_sent() {
      assertThat(name("look at")).isEqualTo("look_at");
      assertThat(name("\u4E16.x")).isEqualTo("__x");
      assertThat(name("")).isEqualTo("_");
      assertThat(name("x".repeat(65))).isEqualTo("x".repeat(64));
    }

    private static String name(String name) {
      return messages(assistant(call("i1", name, "{}")))
          .at("/1/tool_calls/0/function/name")
          .textValue();
    }

    @Test
    void whose_arguments_are_no_json_is_sent_as_json() {
      var call =
          new Part.ToolCall(new InvocationId("i1"), "look", TextNode.valueOf("{\"at\": \"wor"));

      assertThat(messages(assistant(call)).at("/1/tool_calls/0/function/arguments").textValue())
          .isEqualTo("{\"invalid_arguments\":\"{\\\"at\\\": \\\"wor\"}");
    }

    @Test
    void has_an_id_that_its_result_shares_and_that_can_be_sent() {
      String longId = "a.b:" + "c".repeat(100);

      JsonNode messages =
          messages(
              assistant(call(longId, "look", "{}"), call(longId + "d", "look", "{}")),
              Message.of(
                  Role.TOOL, List.of(result(longId, "1"), result(longId + "d", "{\"a\":2}"))));

      String first = messages.at("/1/tool_calls/0/id").textValue();
      String second = messages.at("/1/tool_calls/1/id").textValue();
      assertThat(first).matches("[A-Za-z0-9_-]{1,40}").isNotEqualTo(second);
      assertThat(messages.at("/2/tool_call_id").textValue()).isEqualTo(first);
      assertThat(messages.at("/2/content").textValue()).isEqualTo("1");
      assertThat(messages.at("/3/tool_call_id").textValue()).isEqualTo(second);
      assertThat(messages.at("/3/content").textValue()).isEqualTo("{\"a\":2}");
    }
  }

  @Nested
  class Params {
    private static ModelRequest with(String params) {
      return Requests.of("Go on.").params(json(params)).build();
    }

    @Test
    void are_fields_of_the_request_as_they_are() {
      JsonNode body =
          body(
              with("{\"temperature\":0.5,\"stop\":[\"x\"],\"reasoning_effort\":\"low\",\"y\":1}"),
              true);

      assertThat(body.path("temperature").doubleValue()).isEqualTo(0.5);
      assertThat(body.path("stop")).isEqualTo(json("[\"x\"]"));
      assertThat(body.path("reasoning_effort").textValue()).isEqualTo("low");
      assertThat(body.path("y").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"true, max_completion_tokens", "false, max_tokens"})
    void name_the_limit_of_tokens_as_the_server_does(boolean openAi, String name) {
      JsonNode body = body(with("{\"max_tokens\":100}"), openAi);

      assertThat(body.path(name).intValue()).isEqualTo(100);
      assertThat(body.properties())
          .filteredOn(field -> field.getKey().startsWith("max"))
          .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"model\":\"x\"}", "{\"stream\":false}", "{\"n\":2}", "[]", "1"})
    void can_not_set_what_the_node_sets(String params) {
      assertThat(ChatRequest.of(with(params), true)).isInstanceOf(ChatRequest.Invalid.class);
    }
  }

  @Test
  void an_output_schema_is_strict_where_that_is_possible() {
    String schema =
        """
        {"type": "object", "required": ["city"], "additionalProperties": false,
          "properties": {"city": {"type": "string"}}}
        """;

    assertThat(
            body(Requests.of("Go on.").outputSchema(json(schema)).build(), true)
                .path("response_format"))
        .isEqualTo(
            json(
                """
                {"type": "json_schema", "json_schema": {"name": "output", "strict": true, "schema": %s}}
                """
                    .formatted(schema)));
  }

  @Test
  void an_output_schema_is_a_response_format() {
    assertThat(
            body(Requests.of("Go on.").outputSchema(json("{\"type\":\"object\"}")).build(), true)
                .path("response_format"))
        .isEqualTo(
            json(
                """
                {"type": "json_schema", "json_schema": {"name": "output", "schema": {"type": "object"}}}
                """));
  }
}
