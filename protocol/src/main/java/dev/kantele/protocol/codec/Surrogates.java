package dev.kantele.protocol.codec;

/** Halves of characters beyond U+FFFF, which have no UTF-8 (RFC 3629, section 3). */
final class Surrogates {
  /** Returns the index of the first half that stands alone, or -1. */
  static int indexOfLone(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c) && !isLowAt(text, i + 1)) {
        return i;
      }
      if (Character.isLowSurrogate(c)
          && !(i > 0 && Character.isHighSurrogate(text.charAt(i - 1)))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isLowAt(String text, int i) {
    return i < text.length() && Character.isLowSurrogate(text.charAt(i));
  }

  private Surrogates() {}
}
