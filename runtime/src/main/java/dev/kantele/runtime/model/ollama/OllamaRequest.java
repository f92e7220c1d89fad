package dev.kantele.runtime.model.ollama;

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
sealed interface OllamaRequest {
  /** The request's body. */
  record Body(ObjectNode json) implements OllamaRequest {}

  /** There is no such call; {@code message} is one plain sentence. */
  record Invalid(String message) implements OllamaRequest {}

  /** What a prompt's {@code params} can't set, because the node does. */
  Set<String> RESERVED = Set.of("model", "messages", "stream", "tools", "format");

  /** Fields of the request itself; all other {@code params} are among its {@code options}. */
  Set<String> FIELDS =
      Set.of("think", "keep_alive", "truncate", "shift", "logprobs", "top_logprobs");

  /** Says in Ollama's terms what is asked for. */
  static OllamaRequest of(ModelRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", request.model());
    body.set("messages", OllamaMessages.of(request.instructions(), request.transcript()));
    body.put("stream", true);
    if (!request.tools().isEmpty()) {
      body.set("tools", tools(request));
    }
    request.outputSchema().ifPresent(schema -> body.set("format", schema));
    return request
        .params()
        .flatMap(params -> addParams(body, params))
        .<OllamaRequest>map(Invalid::new)
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

  /** Adds {@code params} to {@code body}, or says what is wrong with them. */
  private static Optional<String> addParams(ObjectNode body, JsonNode params) {
    if (!params.isObject()) {
      return Optional.of("params: " + params.getNodeType() + " (expected: OBJECT)");
    }
    for (Map.Entry<String, JsonNode> param : params.properties()) {
      String name = param.getKey();
      JsonNode value = param.getValue();
      if (RESERVED.contains(name)) {
        return Optional.of("params." + name + ": the node sets it (expected: another field)");
      }
      if (FIELDS.contains(name)) {
        body.set(name, value);
        continue;
      }
      switch (name) {
        // As other servers call them.
        case "reasoning_effort" -> body.set("think", value);
        case "max_tokens", "max_completion_tokens" -> options(body).set("num_predict", value);
        case "options" -> {
          if (!(value instanceof ObjectNode options)) {
            return Optional.of("params.options: " + value.getNodeType() + " (expected: OBJECT)");
          }
          options(body).setAll(options);
        }
        default -> options(body).set(name, value);
      }
    }
    return Optional.empty();
  }

  private static ObjectNode options(ObjectNode body) {
    return body.withObjectProperty("options");
  }
}
