package dev.kantele.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;

/** How a refused value looks in an error's sentence: as its JSON, shortened. */
final class Shown {
  private static final int MAX_CHARACTERS = 40;
  private static final int MAX_PATH_CHARACTERS = 120;

  static String value(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> text(node.textValue());
      case ARRAY -> "an array of " + node.size() + " elements";
      case OBJECT, POJO -> "an object";
      case NUMBER, BOOLEAN -> node.asText();
      case NULL, MISSING, BINARY -> kind(node);
    };
  }

  /** Says no more than what sort of value it is: for secrets. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "a string";
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case MISSING -> "missing";
      case BINARY -> "binary";
    };
  }

  static String text(String text) {
    var shown = new StringBuilder("\"");
    text.codePoints().limit(MAX_CHARACTERS).forEach(c -> append(shown, c));
    if (text.codePointCount(0, text.length()) > MAX_CHARACTERS) {
      shown.append("…\" of ").append(text.length()).append(" characters");
    } else {
      shown.append('"');
    }
    return shown.toString();
  }

  static String path(String path) {
    if (path.length() <= MAX_PATH_CHARACTERS) {
      return path;
    }
    int end = MAX_PATH_CHARACTERS;
    if (Character.isHighSurrogate(path.charAt(end - 1))) {
      end--;
    }
    return path.substring(0, end) + "…";
  }

  /** Appends a name as a step of a path; what is no plain text is escaped. */
  static String name(String name) {
    var shown = new StringBuilder();
    name.codePoints().limit(MAX_PATH_CHARACTERS + 1).forEach(c -> append(shown, c));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    if (c == '"' || c == '\\') {
      shown.append('\\').append((char) c);
    } else if (Character.isISOControl(c) || (c >= 0xd800 && c <= 0xdfff)) {
      shown.append("\\u%04x".formatted(c));
    } else {
      shown.appendCodePoint(c);
    }
  }

  private Shown() {}
}
