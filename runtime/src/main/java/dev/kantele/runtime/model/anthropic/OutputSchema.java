package dev.kantele.runtime.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A schema as one that Anthropic can hold a model to. What it has no means for is left out, since
 * the answer is checked anyway; the rules are those of <a
 * href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs">its guide</a>,
 * section "JSON Schema limitations".
 */
final class OutputSchema {
  private static final int MAX_DEPTH = 32;

  private static final Set<String> FORMATS =
      Set.of(
          "date-time",
          "time",
          "date",
          "duration",
          "email",
          "hostname",
          "uri",
          "ipv4",
          "ipv6",
          "uuid");

  private static final Set<String> PLAIN =
      Set.of("type", "enum", "const", "description", "title", "default", "required", "$ref");

  /**
   * Returns the schema to send; empty if there is none, as where an object may have fields that it
   * does not name.
   */
  static Optional<ObjectNode> of(JsonNode schema) {
    return schema(schema, 0);
  }

  private static Optional<ObjectNode> schema(JsonNode schema, int depth) {
    if (!schema.isObject() || depth > MAX_DEPTH || isOpen(schema)) {
      return Optional.empty();
    }
    ObjectNode sent = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      if (!add(sent, keyword.getKey(), keyword.getValue(), depth + 1)) {
        return Optional.empty();
      }
    }
    if (isObject(schema)) {
      sent.put("additionalProperties", false);
    }
    return Optional.of(sent);
  }

  private static boolean isObject(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (!type.isArray()) {
      return type.asText().equals("object") || schema.has("properties");
    }
    for (JsonNode each : type) {
      if (each.asText().equals("object")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOpen(JsonNode schema) {
    JsonNode others = schema.path("additionalProperties");
    boolean forbidden = others.isBoolean() && !others.booleanValue();
    return schema.has("patternProperties")
        || (!others.isMissingNode() && !forbidden)
        // An object of which nothing is said could be nothing but empty.
        || (schema.path("type").asText().equals("object")
            && !schema.has("properties")
            && !forbidden);
  }

  /** False if there is no way to say it. */
  private static boolean add(ObjectNode sent, String name, JsonNode value, int depth) {
    switch (name) {
      case "properties", "$defs", "definitions" -> {
        ObjectNode schemas = sent.putObject(name);
        for (Map.Entry<String, JsonNode> each : value.properties()) {
          Optional<ObjectNode> schema = schema(each.getValue(), depth);
          if (schema.isEmpty()) {
            return false;
          }
          schemas.set(each.getKey(), schema.get());
        }
      }
      case "items" -> {
        Optional<ObjectNode> schema = schema(value, depth);
        if (schema.isEmpty()) {
          return false;
        }
        sent.set(name, schema.get());
      }
      case "anyOf", "oneOf", "allOf" -> {
        ArrayNode schemas = sent.putArray(name.equals("oneOf") ? "anyOf" : name);
        for (JsonNode each : value) {
          Optional<ObjectNode> schema = schema(each, depth);
          if (schema.isEmpty()) {
            return false;
          }
          schemas.add(schema.get());
        }
      }
      case "format" -> {
        if (FORMATS.contains(value.asText())) {
          sent.set(name, value);
        }
      }
      case "minItems" -> {
        if (value.asInt() <= 1) {
          sent.set(name, value);
        }
      }
      default -> {
        if (PLAIN.contains(name)) {
          sent.set(name, value);
        }
      }
    }
    return true;
  }

  private OutputSchema() {}
}
