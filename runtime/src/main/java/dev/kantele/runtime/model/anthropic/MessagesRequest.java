package dev.kantele.runtime.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.model.anthropic.AnthropicSettings.Cache;
import dev.kantele.runtime.model.anthropic.AnthropicSettings.Thinking;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a call sends. */
sealed interface MessagesRequest {
  /** The request's body. */
  record Body(ObjectNode json) implements MessagesRequest {}

  /** There is no such call; {@code message} is one plain sentence. */
  record Invalid(String message) implements MessagesRequest {}

  /** What a prompt's {@code params} can't set, because the node does. */
  Set<String> RESERVED = Set.of("model", "messages", "system", "stream", "tools");

  /** Under this field are the schema of the answer, which the node sets, and what params set. */
  String OUTPUT_CONFIG = "output_config";

  /** Says in Anthropic's terms what is asked for. */
  static MessagesRequest of(ModelRequest request, AnthropicSettings settings) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", request.model());
    body.put("max_tokens", settings.maxTokens());
    body.put("stream", true);
    system(request).ifPresent(text -> body.putArray("system").add(text(text)));
    if (!request.tools().isEmpty()) {
      body.set("tools", tools(request));
    }
    body.set("messages", MessagesContent.of(request.transcript()));
    if (request.params().isPresent()) {
      Optional<String> wrong = addParams(body, request.params().get());
      if (wrong.isPresent()) {
        return new Invalid(wrong.get());
      }
    }
    request
        .outputSchema()
        .flatMap(OutputSchema::of)
        .ifPresent(
            schema ->
                body.withObjectProperty(OUTPUT_CONFIG)
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", schema));
    if (!body.has("thinking")) {
      think(body, request.model(), settings.thinking());
    }
    cache(body, settings.cache());
    return new Body(body);
  }

  /* A schema that the API has no means for is told to the model. */
  private static Optional<String> system(ModelRequest request) {
    Optional<String> told =
        request
            .outputSchema()
            .filter(schema -> OutputSchema.of(schema).isEmpty())
            .map(schema -> "Answer with JSON and nothing else. Its schema is: " + schema);
    return told.map(
            sentence ->
                request.instructions().map(text -> text + "\n\n" + sentence).orElse(sentence))
        .or(request::instructions)
        .filter(text -> !text.isBlank());
  }

  private static ObjectNode text(String text) {
    return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
  }

  private static ArrayNode tools(ModelRequest request) {
    ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    for (ToolSpec tool : request.tools()) {
      tools
          .addObject()
          .put("name", tool.name())
          .put("description", tool.description())
          .set("input_schema", tool.inputSchema());
    }
    return tools;
  }

  /** Adds {@code params} to {@code body}, or says what is wrong with them. */
  private static Optional<String> addParams(ObjectNode body, JsonNode params) {
    if (!params.isObject()) {
      return Optional.of("params: " + params.getNodeType() + " (expected: OBJECT)");
    }
    for (Map.Entry<String, JsonNode> param : params.properties()) {
      String name = param.getKey();
      if (RESERVED.contains(name)) {
        return Optional.of("params." + name + ": the node sets it (expected: another field)");
      }
      if (name.equals(OUTPUT_CONFIG) && !param.getValue().isObject()) {
        return Optional.of(
            "params." + name + ": " + param.getValue().getNodeType() + " (expected: OBJECT)");
      }
      body.set(name, param.getValue().deepCopy());
    }
    return Optional.empty();
  }

  private static void think(ObjectNode body, String model, Thinking thinking) {
    switch (thinking.mode()) {
      case MODEL -> {}
      case OFF -> body.putObject("thinking").put("type", "disabled");
      case ON -> {
        if (!thinking.byBudget().matcher(model).matches()) {
          ObjectNode adaptive = body.putObject("thinking").put("type", "adaptive");
          thinking.display().ifPresent(display -> adaptive.put("display", display));
        } else if (thinking.budgetTokens() < body.path("max_tokens").asLong()
            && !isOnlyHalfThought(body.path("messages"))) {
          body.putObject("thinking")
              .put("type", "enabled")
              .put("budget_tokens", thinking.budgetTokens());
        }
      }
    }
  }

  /**
   * Whether the results of calls are sent that were made without thinking, as by another model:
   * thinking by a budget can't begin there.
   */
  private static boolean isOnlyHalfThought(JsonNode messages) {
    int last = messages.size() - 1;
    boolean answersCalls =
        last > 0
            && messages
                .get(last)
                .path("content")
                .path(0)
                .path("type")
                .asText()
                .equals("tool_result");
    return answersCalls
        && !messages
            .get(last - 1)
            .path("content")
            .path(0)
            .path("type")
            .asText()
            .endsWith("thinking");
  }

  /* What comes before a marked block is kept: the tools and instructions, and the conversation. */
  private static void cache(ObjectNode body, Cache cache) {
    if (cache == Cache.OFF) {
      return;
    }
    mark(body.path(body.has("system") ? "system" : "tools"), cache);
    JsonNode messages = body.path("messages");
    mark(messages.path(messages.size() - 1).path("content"), cache);
  }

  private static void mark(JsonNode blocks, Cache cache) {
    // A block of thinking can't be marked, and is never the last one.
    if (blocks.path(blocks.size() - 1) instanceof ObjectNode last
        && !last.path("type").asText().endsWith("thinking")) {
      ObjectNode control = last.putObject("cache_control").put("type", "ephemeral");
      if (cache == Cache.ONE_HOUR) {
        control.put("ttl", "1h");
      }
    }
  }
}
