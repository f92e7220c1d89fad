package dev.kantele.tools.builtin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Schemas of arguments, written as JSON text. */
final class InputSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  static JsonNode of(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("schema: not JSON", e);
    }
  }

  private InputSchema() {}
}
