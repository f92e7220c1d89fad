package dev.kantele.runtime.model.scripted;

import java.util.ArrayList;
import java.util.List;

/** How a text is cut into deltas. The pieces, joined, are the text; no character is ever split. */
public sealed interface Pieces {
  /** So many characters each, counted as Unicode code points. */
  record Characters(int count) implements Pieces {
    public Characters {
      if (count < 1) {
        throw new IllegalArgumentException("chunk: " + count + " (expected: at least 1)");
      }
    }
  }

  /** A word each, with the white space before it. */
  record Words() implements Pieces {}

  /** Cuts {@code text}; an empty text has no pieces. */
  default List<String> of(String text) {
    var pieces = new ArrayList<String>();
    for (int start = 0; start < text.length(); ) {
      int end =
          switch (this) {
            case Characters(var count) -> afterCharacters(text, start, count);
            case Words _ -> afterWord(text, start);
          };
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }

  private static int afterCharacters(String text, int start, int count) {
    int end = start;
    for (int i = 0; i < count && end < text.length(); i++) {
      end += Character.charCount(text.codePointAt(end));
    }
    return end;
  }

  private static int afterWord(String text, int start) {
    int end = start;
    while (end < text.length() && Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
