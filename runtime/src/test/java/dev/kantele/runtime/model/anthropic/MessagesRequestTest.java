package dev.kantele.runtime.model.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.runtime.KanteleSettings;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.Requests;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import dev.kantele.runtime.tool.Tools;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The forms are those of Anthropic's guides to <a
 * href="https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls">tool
 * calls</a>, <a href="https://platform.claude.com/docs/en/build-with-claude/prompt-caching">prompt
 * caching</a>, <a
 * href="https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking">thinking</a> and
 * <a href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs">structured
 * outputs</a>.
 */
final class MessagesRequestTest {
  private static AnthropicSettings settings(String block) {
    return AnthropicSettings.from(
        SettingsReader.of(
                KanteleSettings.from(
                        ConfigFactory.parseString("kantele.models.anthropic {" + block + "}"))
                    .config()
                    .getConfig("kantele"),
                "kantele")
            .block("models")
            .block("anthropic"));
  }

  private static JsonNode body(ModelRequest request, String block) {
    assertThat(MessagesRequest.of(request, settings(block)))
        .isInstanceOf(MessagesRequest.Body.class);
    // As a server reads it.
    return Tools.json(
        ((MessagesRequest.Body) MessagesRequest.of(request, settings(block))).json().toString());
  }

  private static JsonNode plain(ModelRequest request) {
    return body(request, "cache = off");
  }

  @Test
  void a_prompt_is_sent_with_its_instructions() {
    assertThat(plain(Requests.of("Hello").model("claude-opus-4-7").build()))
        .isEqualTo(
            Tools.json(
                """
                {"model": "claude-opus-4-7", "max_tokens": 32000, "stream": true,
                 "system": [{"type": "text", "text": "Be brief."}],
                 "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]}
                """));
  }

  @Test
  void the_results_of_one_message_are_together_before_what_the_user_says_next() {
    var one = new InvocationId("s.1:0");
    var two = new InvocationId("s.1:1");
    JsonNode messages =
        plain(
                Requests.of("Look.")
                    .messages(
                        Message.of(
                            Role.ASSISTANT,
                            List.of(
                                new Part.Text(" "),
                                new Part.ToolCall(one, "look", Tools.json("{\"at\": 1}")),
                                new Part.ToolCall(two, "lo ok", new TextNode("{oops")))),
                        Message.of(
                            Role.TOOL,
                            List.of(
                                new Part.ToolResult(
                                    one, Optional.of(new TextNode("blue")), Optional.empty()))),
                        Message.of(
                            Role.TOOL,
                            List.of(
                                new Part.ToolResult(
                                    two,
                                    Optional.empty(),
                                    Optional.of(new Failure("failed", "No.", false))))))
                    .user("And?")
                    .build())
            .path("messages");

    assertThat(messages)
        .isEqualTo(
            Tools.json(
                """
                [{"role": "user", "content": [{"type": "text", "text": "Look."}]},
                 {"role": "assistant", "content": [
                   {"type": "tool_use", "id": "s_1_0", "name": "look", "input": {"at": 1}},
                   {"type": "tool_use", "id": "s_1_1", "name": "lo_ok", "input": {"invalid_arguments": "{oops"}}]},
                 {"role": "user", "content": [
                   {"type": "tool_result", "tool_use_id": "s_1_0", "content": "blue"},
                   {"type": "tool_result", "tool_use_id": "s_1_1", "content": "Error (failed): No.", "is_error": true},
                   {"type": "text", "text": "And?"}]}]
                """));
  }

  @Test
  void thinking_goes_back_as_it_came_and_what_nobody_signed_does_not() {
    JsonNode content =
        plain(
                Requests.of("Well?")
                    .messages(
                        Message.of(
                            Role.ASSISTANT,
                            List.of(
                                new Part.Reasoning("cut off", Optional.empty()),
                                new Part.Reasoning("Hm.", Optional.of("openai:rs_1:x")),
                                new Part.Reasoning("Hm.", Optional.of("anthropic:EqQB")),
                                new Part.Reasoning("", Optional.of("anthropic:redacted:Emw")),
                                new Part.Text("Yes."))))
                    .user("Sure?")
                    .build())
            .path("messages")
            .path(1)
            .path("content");

    assertThat(content)
        .isEqualTo(
            Tools.json(
                """
                [{"type": "thinking", "thinking": "Hm.", "signature": "EqQB"},
                 {"type": "redacted_thinking", "data": "Emw"},
                 {"type": "text", "text": "Yes."}]
                """));
  }

  @Test
  void pictures_and_documents_have_blocks_of_their_own() {
    JsonNode content =
        plain(
                Requests.of("See:")
                    .messages(
                        Message.of(
                            Role.USER,
                            List.of(
                                new Part.Image("image/png", Optional.of("iVBO"), Optional.empty()),
                                new Part.Image(
                                    "image/png", Optional.empty(), Optional.of("https://x/y.png")),
                                new Part.File(
                                    "application/pdf",
                                    "a.pdf",
                                    Optional.of("JVBE"),
                                    Optional.empty()),
                                new Part.File(
                                    "text/csv", "a.csv", Optional.of("YSxi"), Optional.empty()),
                                new Part.File(
                                    "video/mp4", "a.mp4", Optional.of("AAAA"), Optional.empty()))))
                    .build())
            .path("messages")
            .path(0)
            .path("content");

    assertThat(content)
        .isEqualTo(
            Tools.json(
                """
                [{"type": "text", "text": "See:"},
                 {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}},
                 {"type": "image", "source": {"type": "url", "url": "https://x/y.png"}},
                 {"type": "document", "title": "a.pdf", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBE"}},
                 {"type": "document", "title": "a.csv", "source": {"type": "text", "media_type": "text/plain", "data": "a,b"}},
                 {"type": "text", "text": "[a.mp4, video/mp4: can't be shown to this model]"}]
                """));
  }

  @Test
  void instructions_and_the_end_of_the_conversation_are_marked_for_the_cache() {
    JsonNode body = body(Requests.of("One").assistant("Two").user("Three").build(), "cache = 1h");

    assertThat(body.findParents("cache_control")).hasSize(2);
    assertThat(body.at("/system/0/cache_control"))
        .isEqualTo(Tools.json("{\"type\": \"ephemeral\", \"ttl\": \"1h\"}"));
    assertThat(body.at("/messages/2/content/0/cache_control/type").asText()).isEqualTo("ephemeral");
  }

  @Test
  void a_model_thinks_by_itself_or_by_a_budget_as_its_name_says() {
    String on = "thinking.mode = on";

    assertThat(body(Requests.of("Hi").model("claude-opus-4-7").build(), on).path("thinking"))
        .isEqualTo(Tools.json("{\"type\": \"adaptive\", \"display\": \"summarized\"}"));
    assertThat(
            body(Requests.of("Hi").model("claude-sonnet-4-5-20250929").build(), on)
                .path("thinking"))
        .isEqualTo(Tools.json("{\"type\": \"enabled\", \"budget_tokens\": 8192}"));
    assertThat(
            body(
                    Requests.of("Hi").model("mine").build(),
                    on + ", thinking.by-budget = mine, thinking.budget-tokens = 2048")
                .at("/thinking/budget_tokens")
                .asInt())
        .isEqualTo(2048);
    assertThat(body(Requests.of("Hi").build(), "thinking.mode = off").path("thinking"))
        .isEqualTo(Tools.json("{\"type\": \"disabled\"}"));
    assertThat(plain(Requests.of("Hi").build()).has("thinking")).isFalse();
  }

  @Test
  void thinking_by_a_budget_does_not_begin_in_the_middle_of_calls() {
    ModelRequest request =
        Requests.of("Hi")
            .called("look", Tools.json("{}"), Tools.json("{}"))
            .model("claude-opus-4-5")
            .build();

    assertThat(body(request, "thinking.mode = on").has("thinking")).isFalse();
  }

  @Test
  void a_schema_is_sent_as_far_as_the_api_has_means_for_it() {
    JsonNode schema =
        Tools.json(
            """
            {"type": "object", "required": ["n"],
             "properties": {"n": {"type": "integer", "minimum": 1}, "when": {"type": "string", "format": "date"}}}
            """);

    JsonNode body =
        plain(
            Requests.of("Hi")
                .outputSchema(schema)
                .params(Tools.json("{\"output_config\": {\"effort\": \"low\"}}"))
                .build());

    assertThat(body.path("output_config"))
        .isEqualTo(
            Tools.json(
                """
                {"effort": "low", "format": {"type": "json_schema", "schema":
                  {"type": "object", "required": ["n"], "additionalProperties": false,
                   "properties": {"n": {"type": "integer"}, "when": {"type": "string", "format": "date"}}}}}
                """));
  }

  @Test
  void a_schema_that_the_api_has_no_means_for_is_told_to_the_model() {
    JsonNode schema =
        Tools.json("{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}");

    JsonNode body = plain(Requests.of("Hi").outputSchema(schema).build());

    assertThat(body.has("output_config")).isFalse();
    assertThat(body.at("/system/0/text").asText())
        .startsWith("Be brief.")
        .endsWith(schema.toString());
  }

  @Test
  void params_are_fields_but_those_that_the_node_sets() {
    assertThat(
            plain(Requests.of("Hi").params(Tools.json("{\"max_tokens\": 5, \"top_k\": 3}")).build())
                .path("max_tokens")
                .asInt())
        .isEqualTo(5);
    assertThat(
            MessagesRequest.of(
                Requests.of("Hi").params(Tools.json("{\"system\": \"x\"}")).build(), settings("")))
        .isEqualTo(
            new MessagesRequest.Invalid(
                "params.system: the node sets it (expected: another field)"));
  }

  @Test
  void a_token_goes_before_a_key_and_an_address_may_end_in_v1() {
    AnthropicSettings both =
        settings(
            "api-key = k, auth-token = t, base-url = \"http://127.0.0.1:1/v1/\", betas = [a, b]");

    assertThat(both.credentials()).containsOnlyKeys("Authorization");
    assertThat(settings("api-key = k").credentials()).containsOnlyKeys("x-api-key");
    assertThat(both.messagesUrl()).hasToString("http://127.0.0.1:1/v1/messages");
    assertThat(both.headers())
        .containsEntry("anthropic-version", "2023-06-01")
        .containsEntry("anthropic-beta", "a,b");
  }

  @Test
  void a_budget_that_no_answer_has_room_for_stops_the_node() {
    assertThatThrownBy(
            () -> settings("max-tokens = 2000, thinking { mode = on, budget-tokens = 2000 }"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("budget-tokens")
        .hasMessageContaining("2000");
  }
}
