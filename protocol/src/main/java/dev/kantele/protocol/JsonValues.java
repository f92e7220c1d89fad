package dev.kantele.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What the messages hold in common on JSON values. */
final class JsonValues {
  /** An optional field that is JSON null counts as absent. */
  static Optional<JsonNode> nullIsAbsent(Optional<JsonNode> value) {
    return value.filter(node -> !node.isNull());
  }

  /** Checks that a field, if there is one, is a JSON object. */
  static Optional<JsonNode> requireObject(String field, Optional<JsonNode> value) {
    Optional<JsonNode> present = nullIsAbsent(value);
    if (present.isPresent() && !present.get().isObject()) {
      throw new IllegalArgumentException(
          field + ": " + present.get().getNodeType() + " (expected: OBJECT)");
    }
    return present;
  }

  /** A tool's output: null is a value, but beside an error it counts as absent. */
  static Optional<JsonNode> outputBeside(Optional<?> error, Optional<JsonNode> output) {
    return error.isPresent() ? nullIsAbsent(output) : output;
  }

  private JsonValues() {}
}
