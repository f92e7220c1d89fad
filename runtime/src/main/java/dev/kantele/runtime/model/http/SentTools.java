package dev.kantele.runtime.model.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Tool calls and results as vendors take them back: one mistake of a model must not make every
 * later call invalid.
 */
public final class SentTools {
  /** OpenAI takes 40 characters, others more. */
  private static final int MAX_CALL_ID = 40;

  private static final int MAX_NAME = 64;

  /** Returns the same id for the same call, with no characters but {@code A-Za-z0-9_-}. */
  public static String id(InvocationId invocation) {
    String id = invocation.value().replaceAll("[^A-Za-z0-9_-]", "_");
    return id.length() <= MAX_CALL_ID
        ? id
        : UUID.nameUUIDFromBytes(invocation.value().getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Returns {@code name} with {@code _} for what can't be in one; a model may have made it up. */
  public static String name(String name) {
    String legal = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return legal.isEmpty() ? "_" : legal.substring(0, Math.min(legal.length(), MAX_NAME));
  }

  /** Returns {@code arguments}, under {@code invalid_arguments} where they are no object. */
  public static JsonNode arguments(JsonNode arguments) {
    return arguments.isObject()
        ? arguments
        : JsonNodeFactory.instance.objectNode().set("invalid_arguments", arguments);
  }

  /** Returns what became of a call, as a text for the model. */
  public static String text(Part.ToolResult result) {
    return result.output().map(SentTools::text).orElseGet(() -> said(result.error().orElseThrow()));
  }

  private static String text(JsonNode output) {
    return output.isTextual() ? output.textValue() : output.toString();
  }

  /** Returns why a call failed, as a text for the model. */
  public static String said(Failure error) {
    return "Error (%s): %s".formatted(error.code(), error.message());
  }

  private SentTools() {}
}
