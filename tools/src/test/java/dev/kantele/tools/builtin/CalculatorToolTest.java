package dev.kantele.tools.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.ToolRegistry;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalculatorToolTest {
  private final CalculatorTool calculator = new CalculatorTool();

  @Test
  void the_result_comes_with_its_expression() {
    assertThat(ToolRuns.output(calculator, "{\"expression\": \"12 * 7\"}"))
        .isEqualTo(ToolRuns.json("{\"expression\": \"12 * 7\", \"result\": 84}"));
  }

  @Test
  void it_changes_nothing() {
    assertThat(calculator.spec().effect()).isEqualTo(ToolEffect.READ_ONLY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"expression\": 3}", "{\"expression\": \"\"}", "{\"expresion\": \"1\"}"})
  void arguments_that_do_not_fit_are_refused(String arguments) {
    var registry = ToolRegistry.of(List.of(calculator));

    assertThat(registry.validate("calculator", ToolRuns.json(arguments)))
        .isInstanceOf(ArgumentValidator.Result.Invalid.class);
  }

  @Nested
  class Values {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            1 + 2 * 3              | 7
            (1 + 2) * 3            | 9
            7 - 2 - 1              | 4
            8 / 4 / 2              | 1
            2 ^ 3 ^ 2              | 512
            2 ** 3                 | 8
            -2 ^ 2                 | -4
            (-2) ^ 2               | 4
            2 ^ -2                 | 0.25
            - - 3                  | 3
            +-+3                   | -3
            7 % 3                  | 1
            -7 % 3                 | -1
            0.1 + 0.2              | 0.3
            1 / 3                  | 0.3333333333333333
            .5 + 5.                | 5.5
            1.5e3                  | 1500
            2E-3                   | 0.002
            1e20                   | 100000000000000000000
            2 ^ 0.5                | 1.41421356237310
            0 ^ 0                  | 1
            pi                     | 3.141592653589793
            2 * e                  | 5.43656365691809
            sqrt(2)                | 1.414213562373095
            sqrt(0)                | 0
            abs(-3.5)              | 3.5
            min(3, 1, 2)           | 1
            max(3, 1, 2)           | 3
            max(1)                 | 1
            round(2.5)             | 3
            round(-2.5)            | -3
            round(3.14159, 2)      | 3.14
            round(1234, -2)        | 1200
            floor(-1.5)            | -2
            ceil(-1.5)             | -1
            floor(1e300) - 1e300   | 0
            6 × 7 ÷ 2 − 1          | 20
            \t1\t+\t1              | 2
            9007199254740991       | 9007199254740991
            1e308                  | 1e308
            1 - 1e-308             | 1
            """)
    void an_expression_has_its_value(String expression, String value) {
      assertThat(result(expression)).isEqualByComparingTo(value);
    }

    @Test
    void whole_numbers_have_neither_point_nor_exponent() {
      assertThat(text("10 ^ 20")).isEqualTo("100000000000000000000");
      assertThat(text("2.50 * 2")).isEqualTo("5");
      assertThat(text("2.50")).isEqualTo("2.5");
    }

    private String text(String expression) {
      return ToolRuns.output(calculator, "{\"expression\": \"" + expression + "\"}")
          .path("result")
          .toString();
    }

    private BigDecimal result(String expression) {
      return ToolRuns.output(
              calculator,
              JsonNodeFactory.instance.objectNode().put("expression", expression).toString())
          .path("result")
          .decimalValue();
    }
  }

  @Nested
  class Refusals {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            1 +                    | unexpected end at 4
            (1 + 2                 | unexpected end at 7
            2 + )                  | unexpected ')' at 5
            1 2                    | unexpected '2' at 3
            3(4)                   | unexpected '(' at 2
            * 2                    | unexpected '*' at 1
            .                      | unexpected '.' at 1
            1..2                   | unexpected '.' at 3
            2 $ 3                  | unexpected '$' at 3
            1 😀                   | unexpected '😀' at 3
            max()                  | unexpected ')' at 5
            min(1,)                | unexpected ')' at 7
            1 / 0                  | division by zero at 3
            1 % 0                  | division by zero at 3
            0 ^ -1                 | division by zero at 3
            tau                    | unknown name 'tau' at 1 (expected: pi, e, or a function: sqrt, abs, min, max, round, floor, ceil)
            1 + sin(1)             | unknown function 'sin' at 5 (expected: one of sqrt, abs, min, max, round, floor, ceil)
            sqrt(1, 2)             | 'sqrt' at 1 has 2 arguments (expected: 1)
            round(1, 2, 3)         | 'round' at 1 has 3 arguments (expected: 1 or 2)
            round(1, 0.5)          | the digits of 'round' at 1 are out of range (expected: -30..30)
            round(1, 31)           | the digits of 'round' at 1 are out of range (expected: -30..30)
            sqrt(-1)               | a negative number has no real square root at 1
            (-8) ^ 0.5             | a negative number has no real power with a fraction at 6
            9^9^9^9                | the exponent of '^' at 4 is too large (expected: -9999..9999)
            9^9999                 | a number out of range at 2 (expected: within ±1e308)
            1e308 * 10             | a number out of range at 7 (expected: within ±1e308)
            1e-308 / 10            | a number out of range at 8 (expected: within ±1e308)
            1e999                  | a number out of range at 1 (expected: within ±1e308)
            1e99999999999          | a number out of range at 1 (expected: within ±1e308)
            1e999999999            | a number out of range at 1 (expected: within ±1e308)
            """)
    void what_has_no_value_says_why_and_where(String expression, String message) {
      assertThat(Expression.evaluate(expression)).isEqualTo(new Expression.Result.Invalid(message));
    }

    @Test
    void nesting_is_bounded() {
      String message = "nested too deeply at %d (expected: at most 64 levels)";
      assertThat(Expression.evaluate("(".repeat(500)))
          .isEqualTo(new Expression.Result.Invalid(message.formatted(66)));
      assertThat(Expression.evaluate("2^".repeat(499) + "2"))
          .isEqualTo(new Expression.Result.Invalid(message.formatted(131)));
      assertThat(Expression.evaluate("(".repeat(64) + "1" + ")".repeat(64)))
          .isInstanceOf(Expression.Result.Value.class);
      assertThat(Expression.evaluate("-".repeat(998) + "1"))
          .isInstanceOf(Expression.Result.Value.class);
    }

    @Test
    void length_is_bounded() {
      assertThat(Expression.evaluate("1".repeat(1_001)))
          .isEqualTo(
              new Expression.Result.Invalid(
                  "expression: 1,001 characters (expected: at most 1,000)"));
    }

    @Test
    void the_tool_fails_with_the_reason() {
      assertThat(ToolRuns.failure(calculator, "{\"expression\": \"1 / 0\"}"))
          .isEqualTo("division by zero at 3");
    }
  }
}
