package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What prompts ask for as their output: anything, a number under "answer", or nonsense. */
final class OutputSchemas {
  private static final JsonNode ANYTHING = JsonNodeFactory.instance.objectNode();
  private static final JsonNode NUMBER = number();
  private static final JsonNode NONSENSE =
      JsonNodeFactory.instance.objectNode().put("type", "nothing");

  private static JsonNode number() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("type", "object");
    schema.putArray("required").add("answer");
    schema.putObject("properties").putObject("answer").put("type", "number");
    return schema;
  }

  static JsonNode any(Dice dice) {
    return dice.oneOf(ANYTHING, NUMBER, NUMBER, NUMBER, NONSENSE);
  }

  /** Whether a session can hold an answer to {@code schema} at all. */
  static boolean isOne(JsonNode schema) {
    return !schema.equals(NONSENSE);
  }

  /** Whether {@code output} is what {@code schema} asks for. */
  static boolean fits(JsonNode schema, JsonNode output) {
    return schema.equals(ANYTHING) || output.path("answer").isNumber();
  }

  private OutputSchemas() {}
}
