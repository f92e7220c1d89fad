package dev.kantele.runtime.websocket.handshake;

/** The smallest parts of a header (RFC 9110, section 5.6). */
final class Tokens {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(Tokens::isTokenCharacter);
  }

  static boolean isTokenCharacter(int character) {
    return (character >= '0' && character <= '9')
        || (character >= 'A' && character <= 'Z')
        || (character >= 'a' && character <= 'z')
        || TOKEN_MARKS.indexOf(character) >= 0;
  }

  /** Printable, spaces and tabs, and what is beyond ASCII. */
  static boolean isFieldValue(String text) {
    return text.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7F && c <= 0xFF));
  }

  private Tokens() {}
}
