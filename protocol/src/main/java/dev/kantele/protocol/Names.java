package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

/** The character rules that identifiers share (docs/protocol.md, "Identity"). */
public final class Names {
  /** Whether {@code value} is 1..{@code max} characters of {@code A-Za-z0-9._:-}. */
  public static boolean isName(String value, int max) {
    return !value.isEmpty()
        && value.length() <= max
        && value.chars().allMatch(c -> isNameCharacter((char) c));
  }

  /** Whether {@code value} is 1..{@code max} characters, none of them a control character. */
  public static boolean isText(String value, int max) {
    return !value.isEmpty()
        && value.length() <= max
        && value.chars().noneMatch(Character::isISOControl);
  }

  /** Whether {@code value} is 1..64 characters of {@code A-Za-z0-9_-}, as the vendors' APIs ask. */
  public static boolean isToolName(String value) {
    return isName(value, 64) && value.indexOf('.') < 0 && value.indexOf(':') < 0;
  }

  /** Checks 1..{@code max} characters of {@code A-Za-z0-9._:-}. */
  static void requireName(String value, String type, int max) {
    requireLength(value, type, max);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!isNameCharacter(c)) {
        throw new IllegalArgumentException(
            type + ": character " + printable(c) + " at " + i + " (expected: A-Za-z0-9._:-)");
      }
    }
  }

  /** Checks 1..{@code max} characters, none of them a control character. */
  static void requireText(String value, String type, int max) {
    requireLength(value, type, max);
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        throw new IllegalArgumentException(
            type
                + ": character "
                + printable(value.charAt(i))
                + " at "
                + i
                + " (expected: no control characters)");
      }
    }
  }

  private static void requireLength(String value, String type, int max) {
    requireNonNull(value, type);
    if (value.isEmpty() || value.length() > max) {
      throw new IllegalArgumentException(
          type + ": " + value.length() + " characters (expected: 1.." + max + ")");
    }
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == ':'
        || c == '-';
  }

  private static String printable(char c) {
    return c > ' ' && c < 127 ? "'" + c + "'" : String.format("U+%04X", (int) c);
  }

  private Names() {}
}
