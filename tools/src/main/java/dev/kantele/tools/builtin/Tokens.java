package dev.kantele.tools.builtin;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an expression token by token; spaces between tokens do not count. */
final class Tokens {
  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d{1,9})?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*+");

  private final String text;
  private int next;

  Tokens(String text) {
    this.text = text;
    skipSpaces();
  }

  /** The position of the next token, from 1. */
  int position() {
    return next + 1;
  }

  boolean atEnd() {
    return next == text.length();
  }

  boolean atNumber() {
    return !atEnd() && (isDigit(text.charAt(next)) || text.charAt(next) == '.');
  }

  boolean atName() {
    return !atEnd() && Character.isLetter(text.charAt(next)) && text.charAt(next) < 128;
  }

  /** Takes the next character if it is {@code sign}, or what people type for it. */
  boolean take(char sign) {
    if (atEnd()
        || plain(text.charAt(next)) != sign
        || (sign == '*' && text.startsWith("**", next))) {
      return false;
    }
    next++;
    skipSpaces();
    return true;
  }

  /** Takes {@code ^}, or {@code **}. */
  boolean takePower() {
    if (text.startsWith("**", next)) {
      next++;
    } else if (atEnd() || text.charAt(next) != '^') {
      return false;
    }
    next++;
    skipSpaces();
    return true;
  }

  BigDecimal number() {
    int at = position();
    String digits = token(NUMBER);
    return Operations.bounded(() -> new BigDecimal(digits), at);
  }

  String name() {
    return token(NAME);
  }

  InvalidExpressionException unexpected() {
    if (atEnd()) {
      return new InvalidExpressionException("unexpected end at " + position());
    }
    String character = new String(Character.toChars(text.codePointAt(next)));
    return new InvalidExpressionException("unexpected '" + character + "' at " + position());
  }

  private String token(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(next, text.length());
    if (!matcher.lookingAt()) {
      throw unexpected();
    }
    next = matcher.end();
    skipSpaces();
    return matcher.group();
  }

  private void skipSpaces() {
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
  }

  private static char plain(char character) {
    return switch (character) {
      case '×', '·' -> '*';
      case '÷' -> '/';
      case '−', '–' -> '-';
      default -> character;
    };
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }
}
