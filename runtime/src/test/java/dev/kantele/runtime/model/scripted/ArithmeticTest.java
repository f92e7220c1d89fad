package dev.kantele.runtime.model.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          What is 12 * 7, and what time is it?     | 12 * 7
          12*7                                     | 12*7
          Compute (3 + 4) * 2 - 1 please           | (3 + 4) * 2 - 1
          What is sqrt(2) + 1?                     | sqrt(2) + 1
          How much is max(1, 2 + 3)?               | max(1, 2 + 3)
          5 plus 3 minus 1                         | 5 + 3 - 1
          6 times 7                                | 6 * 7
          6 x 7                                    | 6 * 7
          6 × 7                                    | 6 * 7
          84 divided by 2                          | 84 / 2
          15% of 80                                | 15 / 100 * 80
          2 to the power of 10                     | 2 ^ 10
          What is 5 squared?                       | 5 ^ 2
          the square root of 81                    | sqrt(81)
          1,000 * 3                                | 1000 * 3
          1.5e3 / -2.                              | 1.5e3 / -2
          2 * pi                                   | 2 * pi
          12 * 7 - what?                           | 12 * 7
          """)
  void an_expression_is_found_anywhere(String text, String expression) {
    assertThat(Arithmetic.in(text)).containsExactly(expression);
  }

  @Test
  void several_are_found_in_order() {
    assertThat(Arithmetic.in("1 + 1 and 2 + 2; then 3*3"))
        .isEqualTo(List.of("1 + 1", "2 + 2", "3*3"));
    assertThat(Arithmetic.in("1+1 ".repeat(20))).hasSize(8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Hello!",
        "I have 3 cats",
        "It is 2026-11-20",
        "open 24/7",
        "(hello)",
        "sqrt of what",
        "e",
        "version 1.2.3",
        "+",
        "((((",
        "a-b",
        "3 +",
        "well-known"
      })
  void a_text_without_arithmetic_has_none(String text) {
    assertThat(Arithmetic.in(text)).isEmpty();
  }

  @Test
  void deep_nesting_costs_nothing() {
    assertThat(Arithmetic.in("(".repeat(4_000))).isEmpty();
    assertThat(Arithmetic.in("sqrt(".repeat(1_000))).isEmpty();
  }

  @Property
  void any_text_can_be_searched(
      @ForAll
          @StringLength(max = 120)
          @Chars({'1', '2', '(', ')', ',', '*', '-', '.', ' ', 'e', 'x', '%'})
          String text) {
    assertThat(Arithmetic.in(text)).hasSizeLessThanOrEqualTo(8);
  }
}
