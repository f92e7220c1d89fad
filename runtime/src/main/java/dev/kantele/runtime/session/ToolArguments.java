package dev.kantele.runtime.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/** Reads the JSON that a model writes. */
public final class ToolArguments {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a tool call's arguments; no text at all is no arguments; anything but an object is
   * nothing.
   */
  public static Optional<JsonNode> parse(String text) {
    return text.isBlank()
        ? Optional.of(JSON.createObjectNode())
        : json(text).filter(JsonNode::isObject);
  }

  /** Reads any JSON value. */
  static Optional<JsonNode> json(String text) {
    try {
      return Optional.ofNullable(JSON.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private ToolArguments() {}
}
