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
import java.util.regex.Pattern;

/**
 * What a call of the Responses wire sends: all of the conversation, since nothing is stored at the
 * vendor ({@code store: false}). See <a
 * href="https://platform.openai.com/docs/api-reference/responses/create">platform.openai.com</a>.
 */
final class ResponsesRequest {
  /** What a prompt's {@code params} can't set, because the node does. */
  static final Set<String> RESERVED =
      Set.of(
          "model",
          "input",
          "instructions",
          "stream",
          "store",
          "tools",
          "background",
          "conversation",
          "previous_response_id",
          "response_format");

  /** Models that do not reason, and refuse to be asked for their reasoning. */
  private static final Pattern PLAIN =
      Pattern.compile("^(ft:)?(gpt-3|gpt-4|chatgpt-).*|.*-chat-latest$");

  private static final String FORMAT = "format";

  /** Says in OpenAI's terms what is asked for of {@code provider}. */
  static ChatRequest of(ModelRequest request, String provider) {
    boolean reasons = !PLAIN.matcher(request.model()).matches();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", request.model());
    request.instructions().ifPresent(text -> body.put("instructions", text));
    body.set("input", ResponsesInput.of(request.transcript(), provider, reasons));
    body.put("stream", true);
    body.put("store", false);
    if (reasons) {
      body.putArray("include").add("reasoning.encrypted_content");
    }
    if (!request.tools().isEmpty()) {
      body.set("tools", tools(request));
    }
    request
        .outputSchema()
        .ifPresent(schema -> body.putObject("text").set(FORMAT, ChatRequest.flatFormat(schema)));
    return request
        .params()
        .flatMap(params -> addParams(body, params))
        .<ChatRequest>map(ChatRequest.Invalid::new)
        .orElseGet(() -> new ChatRequest.Body(body));
  }

  /* Strict is this wire's default, and what a tool's schema need not be. */
  private static ArrayNode tools(ModelRequest request) {
    ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    for (ToolSpec tool : request.tools()) {
      tools
          .addObject()
          .put("type", "function")
          .put("name", tool.name())
          .put("description", tool.description())
          .put("strict", false)
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
      if (RESERVED.contains(name) || (name.equals("text") && value.has(FORMAT))) {
        return Optional.of("params." + name + ": the node sets it (expected: another field)");
      }
      switch (name) {
        case "max_tokens", "max_completion_tokens" -> body.set("max_output_tokens", value);
        // As chat completions call them.
        case "reasoning_effort" -> body.withObjectProperty("reasoning").set("effort", value);
        case "verbosity" -> body.withObjectProperty("text").set("verbosity", value);
        case "reasoning", "text" -> {
          if (!(value instanceof ObjectNode fields)) {
            return Optional.of(
                "params.%s: %s (expected: OBJECT)".formatted(name, value.getNodeType()));
          }
          body.withObjectProperty(name).setAll(fields);
        }
        default -> body.set(name, value);
      }
    }
    return Optional.empty();
  }

  private ResponsesRequest() {}
}
