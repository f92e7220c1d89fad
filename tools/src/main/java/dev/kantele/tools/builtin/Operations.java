package dev.kantele.tools.builtin;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Supplier;

/** The operations of an expression; {@code at} is the position that an error names. */
final class Operations {
  static final MathContext PRECISION = MathContext.DECIMAL64;
  private static final int MAX_EXPONENT = 9_999;
  private static final int MAX_MAGNITUDE = 308;
  private static final int MAX_DIGITS = 30;
  private static final String FUNCTIONS = "sqrt, abs, min, max, round, floor, ceil";

  // To the 16 digits that every value has.
  private static final BigDecimal PI = new BigDecimal("3.141592653589793");
  private static final BigDecimal E = new BigDecimal("2.718281828459045");

  static BigDecimal add(BigDecimal left, BigDecimal right, int at) {
    return bounded(() -> left.add(right, PRECISION), at);
  }

  static BigDecimal subtract(BigDecimal left, BigDecimal right, int at) {
    return bounded(() -> left.subtract(right, PRECISION), at);
  }

  static BigDecimal multiply(BigDecimal left, BigDecimal right, int at) {
    return bounded(() -> left.multiply(right, PRECISION), at);
  }

  static BigDecimal divide(BigDecimal left, BigDecimal right, int at) {
    requireDivisor(right, at);
    return bounded(() -> left.divide(right, PRECISION), at);
  }

  /** The remainder of truncated division, which has the sign of the dividend. */
  static BigDecimal remainder(BigDecimal left, BigDecimal right, int at) {
    requireDivisor(right, at);
    return bounded(() -> left.remainder(right).round(PRECISION), at);
  }

  static BigDecimal power(BigDecimal base, BigDecimal exponent, int at) {
    if (exponent.abs().compareTo(BigDecimal.valueOf(MAX_EXPONENT)) > 0) {
      throw invalid("the exponent of '^' at %d is too large (expected: -9999..9999)", at);
    }
    if (base.signum() == 0 && exponent.signum() < 0) {
      throw invalid("division by zero at %d", at);
    }
    if (exponent.stripTrailingZeros().scale() <= 0) {
      return bounded(() -> base.pow(exponent.intValueExact(), PRECISION), at);
    }
    if (base.signum() < 0) {
      throw invalid("a negative number has no real power with a fraction at %d", at);
    }
    // No exact way is known; the double's 15 sure digits are kept.
    return bounded(
        () ->
            new BigDecimal(
                Math.pow(base.doubleValue(), exponent.doubleValue()), new MathContext(15)),
        at);
  }

  static BigDecimal constant(String name, int at) {
    return switch (name) {
      case "pi" -> PI;
      case "e" -> E;
      default ->
          throw new InvalidExpressionException(
              "unknown name '%s' at %d (expected: pi, e, or a function: %s)"
                  .formatted(shown(name), at, FUNCTIONS));
    };
  }

  static BigDecimal function(String name, List<BigDecimal> arguments, int at) {
    return switch (name) {
      case "sqrt" -> squareRoot(only(name, arguments, at), at);
      case "abs" -> only(name, arguments, at).abs();
      case "min" -> arguments.stream().reduce(BigDecimal::min).orElseThrow();
      case "max" -> arguments.stream().reduce(BigDecimal::max).orElseThrow();
      case "round" -> round(arguments, at);
      case "floor" -> only(name, arguments, at).setScale(0, RoundingMode.FLOOR);
      case "ceil" -> only(name, arguments, at).setScale(0, RoundingMode.CEILING);
      default ->
          throw new InvalidExpressionException(
              "unknown function '%s' at %d (expected: one of %s)"
                  .formatted(shown(name), at, FUNCTIONS));
    };
  }

  /** Checks that what {@code operation} gives is a number that a JSON reader can hold. */
  static BigDecimal bounded(Supplier<BigDecimal> operation, int at) {
    BigDecimal value;
    try {
      value = operation.get().round(PRECISION);
    } catch (ArithmeticException | NumberFormatException _) {
      throw invalid("a number out of range at %d (expected: within ±1e308)", at);
    }
    // Of the digits before the point, as in 1.5e3: the number of its power of ten.
    long magnitude = (long) value.precision() - value.scale() - 1;
    if (value.signum() != 0 && Math.abs(magnitude) > MAX_MAGNITUDE) {
      throw invalid("a number out of range at %d (expected: within ±1e308)", at);
    }
    return value.signum() == 0 ? BigDecimal.ZERO : value;
  }

  private static BigDecimal squareRoot(BigDecimal value, int at) {
    if (value.signum() < 0) {
      throw invalid("a negative number has no real square root at %d", at);
    }
    return bounded(() -> value.sqrt(PRECISION), at);
  }

  private static BigDecimal round(List<BigDecimal> arguments, int at) {
    if (arguments.size() > 2) {
      throw wrongCount("round", "1 or 2", arguments.size(), at);
    }
    BigDecimal digits = arguments.size() == 2 ? arguments.getLast() : BigDecimal.ZERO;
    if (digits.stripTrailingZeros().scale() > 0
        || digits.abs().compareTo(BigDecimal.valueOf(MAX_DIGITS)) > 0) {
      throw invalid("the digits of 'round' at %d are out of range (expected: -30..30)", at);
    }
    BigDecimal value = arguments.getFirst();
    return bounded(() -> value.setScale(digits.intValueExact(), RoundingMode.HALF_UP), at);
  }

  private static BigDecimal only(String name, List<BigDecimal> arguments, int at) {
    if (arguments.size() != 1) {
      throw wrongCount(name, "1", arguments.size(), at);
    }
    return arguments.getFirst();
  }

  private static void requireDivisor(BigDecimal divisor, int at) {
    if (divisor.signum() == 0) {
      throw invalid("division by zero at %d", at);
    }
  }

  private static InvalidExpressionException wrongCount(
      String name, String expected, int count, int at) {
    return new InvalidExpressionException(
        "'%s' at %d has %d arguments (expected: %s)".formatted(name, at, count, expected));
  }

  private static InvalidExpressionException invalid(String message, int at) {
    return new InvalidExpressionException(message.formatted(at));
  }

  private static String shown(String name) {
    return name.length() <= 40 ? name : name.substring(0, 40) + "…";
  }

  private Operations() {}
}
