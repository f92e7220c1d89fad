package dev.kantele.runtime.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.StringJoiner;

/** Says what a value violates: path, value and what is expected, one sentence each. */
final class SchemaSentences {
  private static final int MAX_SENTENCES = 8;
  private static final int MAX_SENTENCE_CHARACTERS = 300;
  private static final int MAX_VALUE_CHARACTERS = 80;

  /** Renders {@code errors} about the value that is called {@code root}; at least one sentence. */
  static List<String> of(String root, List<Error> errors) {
    var sentences = new LinkedHashSet<String>();
    for (Error error : errors) {
      sentences.add(cut(sentence(root, error), MAX_SENTENCE_CHARACTERS));
      if (sentences.size() > MAX_SENTENCES) {
        break;
      }
    }
    var bounded = new ArrayList<>(sentences);
    if (bounded.size() > MAX_SENTENCES) {
      bounded.set(MAX_SENTENCES, "… and more");
      bounded.subList(MAX_SENTENCES + 1, bounded.size()).clear();
    }
    return List.copyOf(bounded);
  }

  private static String sentence(String root, Error error) {
    String path = path(root, error.getInstanceLocation());
    JsonNode rule = error.getSchemaNode();
    return switch (error.getKeyword() == null ? "" : error.getKeyword()) {
      case "required", "dependentRequired" ->
          path + "." + error.getProperty() + ": missing (expected: a value)";
      case "additionalProperties", "unevaluatedProperties" ->
          path + "." + error.getProperty() + ": not known (expected: no such field)";
      case "type" -> valued(path, error, either(rule));
      case "enum" -> valued(path, error, "one of " + listed(rule));
      case "const" -> valued(path, error, shown(rule));
      case "minimum" -> valued(path, error, "at least " + rule);
      case "maximum" -> valued(path, error, "at most " + rule);
      case "exclusiveMinimum" -> valued(path, error, "more than " + rule);
      case "exclusiveMaximum" -> valued(path, error, "less than " + rule);
      case "multipleOf" -> valued(path, error, "a multiple of " + rule);
      case "minLength" -> valued(path, error, "at least " + rule + " characters");
      case "maxLength" -> valued(path, error, "at most " + rule + " characters");
      case "pattern" -> valued(path, error, "text that matches " + rule.asText());
      case "format" -> valued(path, error, "the format " + rule.asText());
      case "minItems" -> valued(path, error, "at least " + rule + " elements");
      case "maxItems" -> valued(path, error, "at most " + rule + " elements");
      case "uniqueItems" -> valued(path, error, "no element twice");
      default -> valued(path, error, "that it " + error.getMessage());
    };
  }

  private static String valued(String path, Error error, String expected) {
    return path + ": " + shown(error.getInstanceNode()) + " (expected: " + expected + ")";
  }

  private static String either(JsonNode types) {
    return types.isArray() ? listed(types, " or ") : types.asText();
  }

  private static String listed(JsonNode values) {
    return cut(listed(values, ", "), MAX_SENTENCE_CHARACTERS / 2);
  }

  private static String listed(JsonNode values, String separator) {
    var list = new StringJoiner(separator);
    values.forEach(value -> list.add(value.isTextual() ? value.asText() : value.toString()));
    return list.toString();
  }

  private static String path(String root, NodePath location) {
    var path = new StringBuilder(root);
    for (int i = 0; i < location.getNameCount(); i++) {
      switch (location.getElement(i)) {
        case Integer index -> path.append('[').append(index).append(']');
        case Object name -> path.append('.').append(name);
      }
    }
    return path.toString();
  }

  private static String shown(JsonNode value) {
    return value.isTextual()
        ? "'" + cut(value.asText(), MAX_VALUE_CHARACTERS) + "'"
        : cut(value.toString(), MAX_VALUE_CHARACTERS);
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end) + "…";
  }

  private SchemaSentences() {}
}
