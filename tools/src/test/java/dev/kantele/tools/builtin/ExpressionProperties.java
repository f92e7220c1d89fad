package dev.kantele.tools.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

/** The parser against trees that know their value and are written down in many ways. */
class ExpressionProperties {
  private static final MathContext PRECISION = MathContext.DECIMAL64;

  /**
   * An expression as a tree. {@code strength} says how tightly it binds, 4 for what stands alone.
   */
  sealed interface Tree {
    record Literal(BigDecimal number) implements Tree {}

    record Negative(Tree operand) implements Tree {}

    record Operation(char sign, Tree left, Tree right) implements Tree {}

    record Function(String name, List<Tree> arguments) implements Tree {}

    record Parentheses(Tree inside) implements Tree {}

    /** Empty: it has no value, as after a division by zero. */
    default Optional<BigDecimal> result() {
      return switch (this) {
        case Literal(var number) -> Optional.of(number);
        case Negative(var operand) -> operand.result().map(BigDecimal::negate);
        case Parentheses(var inside) -> inside.result();
        case Operation(char sign, var left, var right) ->
            left.result().flatMap(a -> right.result().flatMap(b -> apply(sign, a, b)));
        case Function(var name, var arguments) ->
            arguments.stream()
                .map(Tree::result)
                .reduce(
                    (one, other) ->
                        one.flatMap(a -> other.map(b -> name.equals("min") ? a.min(b) : a.max(b))))
                .orElseThrow();
      };
    }

    default String text(String space) {
      return switch (this) {
        case Literal(var number) -> number.toString();
        case Negative(var operand) -> "-" + space + operand.text(space, 3);
        case Parentheses(var inside) -> "(" + space + inside.text(space) + space + ")";
        case Operation(char sign, var left, var right) ->
            left.text(space, strength() + (sign == '^' ? 1 : 0))
                + space
                + sign
                + space
                + right.text(space, sign == '^' ? 3 : strength() + 1);
        case Function(var name, var arguments) ->
            name
                + "("
                + String.join(",", arguments.stream().map(tree -> tree.text(space)).toList())
                + ")";
      };
    }

    private String text(String space, int atLeast) {
      return strength() >= atLeast ? text(space) : "(" + text(space) + ")";
    }

    private int strength() {
      return switch (this) {
        case Literal _, Function _, Parentheses _ -> 5;
        case Negative _ -> 3;
        case Operation(char sign, _, _) ->
            switch (sign) {
              case '+', '-' -> 1;
              case '*', '/', '%' -> 2;
              default -> 4;
            };
      };
    }

    private static Optional<BigDecimal> apply(char sign, BigDecimal a, BigDecimal b) {
      try {
        BigDecimal value =
            switch (sign) {
              case '+' -> a.add(b, PRECISION);
              case '-' -> a.subtract(b, PRECISION);
              case '*' -> a.multiply(b, PRECISION);
              case '/' -> a.divide(b, PRECISION);
              case '%' -> a.remainder(b).round(PRECISION);
              default -> a.pow(b.intValueExact(), PRECISION);
            };
        return Optional.of(value);
      } catch (ArithmeticException _) {
        return Optional.empty();
      }
    }
  }

  @Property
  void the_value_is_that_of_the_tree(
      @ForAll("trees") Tree tree, @ForAll @StringLength(max = 2) @Chars(' ') String space) {
    Optional<BigDecimal> expected = tree.result();

    switch (Expression.evaluate(tree.text(space))) {
      case Expression.Result.Value(var value) ->
          assertThat(expected)
              .hasValueSatisfying(known -> assertThat(value).isEqualByComparingTo(known));
      case Expression.Result.Invalid(var message) -> assertThat(expected).as(message).isEmpty();
    }
  }

  @Property
  void any_text_is_answered(
      @ForAll
          @StringLength(max = 60)
          @Chars({
            '1', '9', '0', '.', 'e', '+', '-', '*', '/', '%', '^', '(', ')', ',', ' ', 'p', 'i', '×'
          })
          String text) {
    switch (Expression.evaluate(text)) {
      case Expression.Result.Value(var value) -> assertThat(value.precision()).isLessThan(320);
      case Expression.Result.Invalid(var message) -> assertThat(message).isNotBlank();
    }
  }

  @Property
  void any_unicode_is_answered(@ForAll @StringLength(max = 60) String text) {
    switch (Expression.evaluate(text)) {
      case Expression.Result.Value(var value) -> assertThat(value).isNotNull();
      case Expression.Result.Invalid(var message) -> assertThat(message).isNotBlank();
    }
  }

  @Provide
  Arbitrary<Tree> trees() {
    return trees(4);
  }

  private static Arbitrary<Tree> trees(int depth) {
    Arbitrary<Tree> numbers =
        Arbitraries.bigDecimals()
            .between(BigDecimal.ZERO, BigDecimal.valueOf(1000))
            .ofScale(2)
            .map(Tree.Literal::new);
    if (depth == 0) {
      return numbers;
    }
    Arbitrary<Tree> smaller = Arbitraries.lazy(() -> trees(depth - 1));
    Arbitrary<Tree> powers =
        Combinators.combine(smaller, Arbitraries.integers().between(0, 4))
            .as(
                (base, exponent) ->
                    new Tree.Operation('^', base, new Tree.Literal(BigDecimal.valueOf(exponent))));
    Arbitrary<Tree> operations =
        Combinators.combine(Arbitraries.of('+', '-', '*', '/', '%'), smaller, smaller)
            .as(Tree.Operation::new);
    Arbitrary<Tree> functions =
        Combinators.combine(Arbitraries.of("min", "max"), smaller.list().ofMinSize(1).ofMaxSize(3))
            .as(Tree.Function::new);
    return Arbitraries.oneOf(
        numbers,
        operations,
        operations,
        powers,
        functions,
        smaller.map(Tree.Negative::new),
        smaller.map(Tree.Parentheses::new));
  }
}
