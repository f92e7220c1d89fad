package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether a schema is one that OpenAI's structured outputs can hold a model to; with any other a
 * call that asks for {@code strict} is refused. The rules are those of OpenAI's guide "Structured
 * model outputs", section "Supported schemas": a root that is an object; no fields but those named,
 * and all of them required; a part of the keywords; bounded depth and size.
 */
final class StrictSchema {
  private static final int MAX_DEPTH = 10;
  private static final int MAX_PROPERTIES = 5_000;
  private static final int MAX_ENUM_VALUES = 1_000;
  private static final int MAX_NAME_CHARACTERS = 120_000;

  private static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "object", "array", "null");

  /** Keywords that are no schemas and hold none. */
  private static final Set<String> PLAIN =
      Set.of(
          "type",
          "description",
          "title",
          "enum",
          "const",
          "pattern",
          "format",
          "multipleOf",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "minItems",
          "maxItems");

  private static final Set<String> FORMATS =
      Set.of("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid");

  private int properties;
  private int enumValues;
  private int characters;

  private StrictSchema() {}

  /** Whether {@code schema} is one of them. */
  static boolean fits(JsonNode schema) {
    var strict = new StrictSchema();
    return schema.path("type").asText().equals("object")
        && !schema.has("anyOf")
        && strict.isSchema(schema, 1)
        && strict.properties <= MAX_PROPERTIES
        && strict.enumValues <= MAX_ENUM_VALUES
        && strict.characters <= MAX_NAME_CHARACTERS;
  }

  private boolean isSchema(JsonNode schema, int depth) {
    if (!schema.isObject() || depth > MAX_DEPTH) {
      return false;
    }
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      if (!isKeyword(schema, keyword.getKey(), keyword.getValue(), depth)) {
        return false;
      }
    }
    return !isOfType(schema, "object") || isClosed(schema);
  }

  private boolean isKeyword(JsonNode schema, String name, JsonNode value, int depth) {
    return switch (name) {
      case "type" -> isType(value);
      case "properties" -> isObject(schema) && areProperties(value, depth);
      case "required", "additionalProperties" -> isObject(schema);
      case "items" -> isSchema(value, depth + 1);
      case "anyOf" -> areSchemas(value, depth);
      case "$defs", "definitions" -> areProperties(value, depth);
      case "$ref" -> value.asText().startsWith("#");
      case "$schema" -> depth == 1;
      case "enum" -> isEnum(value);
      case "format" -> FORMATS.contains(value.asText());
      default -> PLAIN.contains(name);
    };
  }

  private static boolean isObject(JsonNode schema) {
    return isOfType(schema, "object");
  }

  /** A type, or several of them. */
  private static boolean isType(JsonNode type) {
    if (!type.isArray()) {
      return TYPES.contains(type.asText());
    }
    for (JsonNode each : type) {
      if (!TYPES.contains(each.asText())) {
        return false;
      }
    }
    return !type.isEmpty();
  }

  private static boolean isOfType(JsonNode schema, String wanted) {
    JsonNode type = schema.path("type");
    if (!type.isArray()) {
      return type.asText().equals(wanted);
    }
    for (JsonNode each : type) {
      if (each.asText().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an object may have no field but those that are named, and must have all of them. */
  private static boolean isClosed(JsonNode schema) {
    var required = new HashSet<String>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    var named = new HashSet<String>();
    schema.path("properties").fieldNames().forEachRemaining(named::add);
    JsonNode others = schema.path("additionalProperties");
    return others.isBoolean() && !others.booleanValue() && required.equals(named);
  }

  private boolean areProperties(JsonNode schemas, int depth) {
    if (!schemas.isObject()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> property : schemas.properties()) {
      properties++;
      characters += property.getKey().length();
      if (!isSchema(property.getValue(), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean areSchemas(JsonNode schemas, int depth) {
    for (JsonNode schema : schemas) {
      if (!isSchema(schema, depth + 1)) {
        return false;
      }
    }
    return schemas.isArray() && !schemas.isEmpty();
  }

  private boolean isEnum(JsonNode values) {
    enumValues += values.size();
    for (JsonNode value : values) {
      characters += value.asText().length();
    }
    return values.isArray() && !values.isEmpty();
  }
}
