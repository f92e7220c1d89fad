package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.tool.ToolSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a call sends. */
sealed interface ChatRequest {
  /** The request's body. */
  record Body(ObjectNode json) implements ChatRequest {}

  /** There is no such call; {@code message} is one plain sentence. */
  record Invalid(String message) implements ChatRequest {}

  /** How both wires call an output that keeps a schema. */
  String SCHEMA_TYPE = "json_schema";

  /** What a prompt's {@code params} can't set, because the node does. */
  Set<String> RESERVED =
      Set.of("model", "messages", "stream", "stream_options", "tools", "response_format", "n");

  /**
   * Says in OpenAI's terms what is asked for. The prompt's {@code params} are fields of the body,
   * as they are; only {@code max_tokens} has another name at OpenAI itself ({@code openAi}) than at
   * the servers that speak the same.
   */
  static ChatRequest of(ModelRequest request, boolean openAi) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", request.model());
    body.set("messages", ChatMessages.of(request.instructions(), request.transcript()));
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    if (!request.tools().isEmpty()) {
      body.set("tools", tools(request));
    }
    request.outputSchema().ifPresent(schema -> body.set("response_format", format(schema)));
    return request
        .params()
        .flatMap(params -> addParams(body, params, openAi))
        .<ChatRequest>map(Invalid::new)
        .orElseGet(() -> new Body(body));
  }

  private static ArrayNode tools(ModelRequest request) {
    ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    for (ToolSpec tool : request.tools()) {
      tools
          .addObject()
          .put("type", "function")
          .putObject("function")
          .put("name", tool.name())
          .put("description", tool.description())
          .set("parameters", tool.inputSchema());
    }
    return tools;
  }

  /* A server that can hold the model to the schema is asked to; the answer is checked anyway. */
  private static ObjectNode format(JsonNode schema) {
    ObjectNode format = JsonNodeFactory.instance.objectNode();
    format.put("type", SCHEMA_TYPE).set(SCHEMA_TYPE, namedSchema(schema));
    return format;
  }

  /** The same as one object, as the Responses wire has it. */
  static ObjectNode flatFormat(JsonNode schema) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", SCHEMA_TYPE)
        .setAll(namedSchema(schema));
  }

  private static ObjectNode namedSchema(JsonNode schema) {
    ObjectNode named = JsonNodeFactory.instance.objectNode().put("name", "output");
    if (StrictSchema.fits(schema)) {
      named.put("strict", true);
    }
    named.set("schema", schema);
    return named;
  }

  /** Adds {@code params} to {@code body}, or says what is wrong with them. */
  private static Optional<String> addParams(ObjectNode body, JsonNode params, boolean openAi) {
    if (!params.isObject()) {
      return Optional.of("params: " + params.getNodeType() + " (expected: OBJECT)");
    }
    for (Map.Entry<String, JsonNode> param : params.properties()) {
      String name = param.getKey();
      if (RESERVED.contains(name)) {
        return Optional.of("params." + name + ": the node sets it (expected: another field)");
      }
      body.set(
          openAi && name.equals("max_tokens") ? "max_completion_tokens" : name, param.getValue());
    }
    return Optional.empty();
  }
}
