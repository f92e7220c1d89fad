package dev.kantele.runtime.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.ToolEffect;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks the people behind a session: its calls are run by the session itself, which asks for input
 * and ends the call with the answer. Every node has it; an agent may call it if its tools name it.
 */
public final class AskUserTool implements Tool {
  /** What it is called. */
  public static final String NAME = "ask_user";

  private final ToolSpec spec;

  /** The tool; {@code expiresAfter} is how long it waits for an answer. */
  public AskUserTool(Duration expiresAfter) {
    this.spec =
        new ToolSpec(
            NAME,
            "Asks the user a question and returns the answer. Give options where the answer is one"
                + " of a few, or a JSON Schema where it must have a form.",
            inputSchema(),
            ToolEffect.READ_ONLY,
            expiresAfter);
  }

  private static ObjectNode inputSchema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.putArray("required").add("question");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("question").put("type", "string").put("minLength", 1);
    ObjectNode options = properties.putObject("options").put("type", "array");
    options.put("minItems", 1).put("maxItems", 64).putObject("items").put("type", "string");
    properties.putObject("schema").put("type", "object");
    return schema.put("additionalProperties", false);
  }

  /** The question of a call with these arguments. */
  public static String question(JsonNode arguments) {
    return arguments.path("question").asText();
  }

  /** The JSON Schema of the answer to a call with these arguments; a schema wins over options. */
  public static Optional<JsonNode> answerSchema(JsonNode arguments) {
    if (arguments.path("schema").isObject()) {
      return Optional.of(arguments.get("schema"));
    }
    if (arguments.path("options").isArray()) {
      ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "string");
      return Optional.of(schema.set("enum", arguments.get("options")));
    }
    return Optional.empty();
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  /** Fails: a session does not start it. */
  @Override
  public ToolRun start(ToolCall call, ToolOutput output) {
    throw new UnsupportedOperationException(NAME + " is run by the session");
  }
}
