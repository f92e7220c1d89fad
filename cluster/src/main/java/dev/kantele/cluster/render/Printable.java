package dev.kantele.cluster.render;

import com.fasterxml.jackson.databind.JsonNode;

/** Foreign text made fit for a terminal: a model must not be able to move the cursor. */
public final class Printable {
  /** Text without control characters but for line breaks and tabs. */
  public static String text(String text) {
    return isClean(text) ? text : cleaned(text);
  }

  private static boolean isClean(String text) {
    return text.chars().allMatch(Printable::isAllowed);
  }

  private static String cleaned(String text) {
    return text.replace("\r\n", "\n")
        .chars()
        .filter(Printable::isAllowed)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isAllowed(int c) {
    return c == '\n' || c == '\t' || !Character.isISOControl(c);
  }

  /** On one line, at most {@code max} characters. */
  public static String line(String text, int max, Style style) {
    String line = text(text).strip().replaceAll("\\s+", " ");
    if (line.length() <= max) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(max - 1)) ? max - 1 : max;
    return line.substring(0, end) + style.ellipsis();
  }

  /** A value on one line: a text as it is, everything else as JSON. */
  static String value(JsonNode value, int max, Style style) {
    return line(value.isTextual() ? value.textValue() : value.toString(), max, style);
  }

  private Printable() {}
}
