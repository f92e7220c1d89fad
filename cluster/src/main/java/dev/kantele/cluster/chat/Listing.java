package dev.kantele.cluster.chat;

import java.util.List;

/** Names, a line each, as many as a screen bears. */
final class Listing {
  static final int LINES = 200;

  /** Says how many there are beyond {@link #LINES}, and how to see them. */
  static String of(List<String> names) {
    if (names.isEmpty()) {
      return "(none)\n";
    }
    var lines = new StringBuilder();
    names.stream().limit(LINES).forEach(name -> lines.append(name).append('\n'));
    if (names.size() > LINES) {
      lines.append(
          "(and %d more; /sessions TEXT lists those with TEXT in their ids)\n"
              .formatted(names.size() - LINES));
    }
    return lines.toString();
  }

  private Listing() {}
}
