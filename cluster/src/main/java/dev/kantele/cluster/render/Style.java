package dev.kantele.cluster.render;

/**
 * What a terminal can show.
 *
 * @param colour whether it takes the colour codes of ECMA-48
 * @param unicode whether it shows more than ASCII
 */
public record Style(boolean colour, boolean unicode) {
  /** Plain ASCII without colours. */
  public static final Style PLAIN = new Style(false, false);

  private static final String DIM = "\u001b[2m";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String CYAN = "\u001b[36m";
  private static final String RESET = "\u001b[0m";

  String dim(String text) {
    return in(DIM, text);
  }

  String red(String text) {
    return in(RED, text);
  }

  String green(String text) {
    return in(GREEN, text);
  }

  String cyan(String text) {
    return in(CYAN, text);
  }

  private String in(String code, String text) {
    return colour && !text.isEmpty() ? code + text + RESET : text;
  }

  String arrow() {
    return unicode ? "→" : "->";
  }

  String tick() {
    return unicode ? "✓" : "ok";
  }

  String cross() {
    return unicode ? "✗" : "x";
  }

  String again() {
    return unicode ? "↻" : "~";
  }

  String ellipsis() {
    return unicode ? "…" : "...";
  }
}
