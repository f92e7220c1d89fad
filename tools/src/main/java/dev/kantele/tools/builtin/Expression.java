package dev.kantele.tools.builtin;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * An arithmetic expression, worked out by recursive descent while it is read:
 *
 * <pre>
 * sum      = product { ("+" | "-") product }
 * product  = signed { ("*" | "/" | "%") signed }
 * signed   = { "+" | "-" } power
 * power    = atom [ "^" signed ]
 * atom     = number | constant | function "(" sum { "," sum } ")" | "(" sum ")"
 * </pre>
 *
 * So {@code -2^2} is −4 and {@code 2^3^2} is 512. Every intermediate value has 16 significant
 * digits ({@link MathContext#DECIMAL64}) and is within ±10^308; length, nesting and exponents are
 * bounded, so that no expression takes long. Positions in messages count characters from 1.
 */
final class Expression {
  /** What became of an expression. */
  sealed interface Result {
    /** Its value. */
    record Value(BigDecimal value) implements Result {
      public Value {
        requireNonNull(value, "value");
      }
    }

    /** It has none, for this reason. */
    record Invalid(String message) implements Result {
      public Invalid {
        requireNonNull(message, "message");
      }
    }
  }

  static final int MAX_CHARACTERS = 1_000;
  private static final int MAX_DEPTH = 64;

  private final Tokens tokens;
  private int depth;

  private Expression(String text) {
    this.tokens = new Tokens(text);
  }

  /** Works out {@code text}. */
  static Result evaluate(String text) {
    if (text.length() > MAX_CHARACTERS) {
      return new Result.Invalid(
          "expression: %,d characters (expected: at most %,d)"
              .formatted(text.length(), MAX_CHARACTERS));
    }
    try {
      return new Result.Value(new Expression(text).whole());
    } catch (InvalidExpressionException e) {
      return new Result.Invalid(e.getMessage());
    }
  }

  private BigDecimal whole() {
    BigDecimal value = sum();
    if (!tokens.atEnd()) {
      throw tokens.unexpected();
    }
    return value;
  }

  private BigDecimal sum() {
    BigDecimal value = product();
    while (true) {
      int at = tokens.position();
      if (tokens.take('+')) {
        value = Operations.add(value, product(), at);
      } else if (tokens.take('-')) {
        value = Operations.subtract(value, product(), at);
      } else {
        return value;
      }
    }
  }

  private BigDecimal product() {
    BigDecimal value = signed();
    while (true) {
      int at = tokens.position();
      if (tokens.take('*')) {
        value = Operations.multiply(value, signed(), at);
      } else if (tokens.take('/')) {
        value = Operations.divide(value, signed(), at);
      } else if (tokens.take('%')) {
        value = Operations.remainder(value, signed(), at);
      } else {
        return value;
      }
    }
  }

  private BigDecimal signed() {
    boolean negative = false;
    while (true) {
      if (tokens.take('-')) {
        negative = !negative;
      } else if (!tokens.take('+')) {
        BigDecimal value = power();
        return negative ? value.negate() : value;
      }
    }
  }

  private BigDecimal power() {
    BigDecimal base = atom();
    int at = tokens.position();
    if (!tokens.takePower()) {
      return base;
    }
    enter();
    BigDecimal exponent = signed();
    depth--;
    return Operations.power(base, exponent, at);
  }

  private BigDecimal atom() {
    if (tokens.atNumber()) {
      return tokens.number();
    }
    if (tokens.take('(')) {
      enter();
      BigDecimal value = sum();
      close();
      return value;
    }
    if (!tokens.atName()) {
      throw tokens.unexpected();
    }
    int at = tokens.position();
    String name = tokens.name();
    return tokens.take('(')
        ? Operations.function(name, arguments(), at)
        : Operations.constant(name, at);
  }

  private List<BigDecimal> arguments() {
    enter();
    var arguments = new ArrayList<BigDecimal>();
    do {
      arguments.add(sum());
    } while (tokens.take(','));
    close();
    return arguments;
  }

  private void enter() {
    if (++depth > MAX_DEPTH) {
      throw new InvalidExpressionException(
          "nested too deeply at %d (expected: at most %d levels)"
              .formatted(tokens.position(), MAX_DEPTH));
    }
  }

  private void close() {
    if (!tokens.take(')')) {
      throw tokens.unexpected();
    }
    depth--;
  }
}
