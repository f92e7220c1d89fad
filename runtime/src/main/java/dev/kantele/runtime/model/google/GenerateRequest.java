package dev.kantele.runtime.model.google;

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
sealed interface GenerateRequest {
  /** The request's body. */
  record Body(ObjectNode json) implements GenerateRequest {}

  /** There is no such call; {@code message} is one plain sentence. */
  record Invalid(String message) implements GenerateRequest {}

  /** What a prompt's {@code params} can't set, because the node does. */
  Set<String> RESERVED =
      Set.of(
          "contents",
          "systemInstruction",
          "tools",
          "generationConfig",
          "candidateCount",
          "responseMimeType",
          "responseSchema",
          "responseJsonSchema");

  /** What is a field of the request itself; all other params are of its generation. */
  Set<String> TOP_LEVEL = Set.of("safetySettings", "toolConfig", "cachedContent", "labels");

  /** Says in Google's terms what is asked for. */
  static GenerateRequest of(ModelRequest request, boolean includeThoughts) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("contents", GenerateContents.of(request.transcript()));
    request
        .instructions()
        .filter(text -> !text.isBlank())
        .ifPresent(
            text ->
                body.putObject("systemInstruction")
                    .putArray("parts")
                    .addObject()
                    .put("text", text));
    if (!request.tools().isEmpty()) {
      body.putArray("tools").addObject().set("functionDeclarations", tools(request));
    }
    ObjectNode generation = JsonNodeFactory.instance.objectNode();
    Optional<String> wrong = request.params().flatMap(params -> add(body, generation, params));
    if (wrong.isPresent()) {
      return new Invalid(wrong.get());
    }
    request
        .outputSchema()
        .ifPresent(
            schema ->
                generation
                    .put("responseMimeType", "application/json")
                    .set("responseJsonSchema", schema));
    if (includeThoughts && !generation.has("thinkingConfig")) {
      generation.putObject("thinkingConfig").put("includeThoughts", true);
    }
    if (!generation.isEmpty()) {
      body.set("generationConfig", generation);
    }
    return new Body(body);
  }

  private static ArrayNode tools(ModelRequest request) {
    ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    for (ToolSpec tool : request.tools()) {
      tools
          .addObject()
          .put("name", tool.name())
          .put("description", tool.description())
          .set("parametersJsonSchema", tool.inputSchema());
    }
    return tools;
  }

  /** Adds {@code params}, or says what is wrong with them. */
  private static Optional<String> add(ObjectNode body, ObjectNode generation, JsonNode params) {
    if (!params.isObject()) {
      return Optional.of("params: " + params.getNodeType() + " (expected: OBJECT)");
    }
    for (Map.Entry<String, JsonNode> param : params.properties()) {
      String name = param.getKey();
      if (RESERVED.contains(name)) {
        return Optional.of("params." + name + ": the node sets it (expected: another field)");
      }
      if (TOP_LEVEL.contains(name)) {
        body.set(name, param.getValue());
      } else {
        generation.set(name.equals("max_tokens") ? "maxOutputTokens" : name, param.getValue());
      }
    }
    return Optional.empty();
  }
}
