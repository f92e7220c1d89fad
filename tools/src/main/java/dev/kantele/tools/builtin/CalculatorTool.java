package dev.kantele.tools.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.BlockingTool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolSpec;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * The tool {@code calculator}: works out one expression to 16 significant digits and returns {@code
 * {expression, result}}.
 */
public final class CalculatorTool extends BlockingTool {
  private static final ToolSpec SPEC =
      new ToolSpec(
          "calculator",
          "Works out an arithmetic expression to 16 significant digits. It knows + - * / % ^, "
              + "parentheses, decimals such as 1.5e3, pi, e, and the functions sqrt, abs, min, max, "
              + "round(x) or round(x, digits), floor and ceil.",
          InputSchema.of(
              """
              {
                "type": "object",
                "properties": {
                  "expression": {
                    "type": "string",
                    "description": "For example (3 + 4) * 2 ^ 10",
                    "minLength": 1,
                    "maxLength": %d
                  }
                },
                "required": ["expression"],
                "additionalProperties": false
              }"""
                  .formatted(Expression.MAX_CHARACTERS)),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(5));

  /** A calculator. */
  public CalculatorTool() {}

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  protected JsonNode call(ToolCall call, ToolOutput output) {
    String expression = call.arguments().path("expression").asText();
    return switch (Expression.evaluate(expression)) {
      case Expression.Result.Value(var value) ->
          JsonNodeFactory.instance
              .objectNode()
              .put("expression", expression)
              .set("result", number(value));
      case Expression.Result.Invalid(var message) ->
          throw new ToolException(
              new Failure("invalid_expression", message, /* retryable= */ false));
    };
  }

  @Override
  protected boolean undoneByInterrupt() {
    return true;
  }

  /** The node that a JSON reader makes of the same number; whole numbers have no exponent. */
  private static JsonNode number(BigDecimal value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    BigDecimal stripped = value.stripTrailingZeros();
    if (stripped.scale() > 0) {
      return nodes.numberNode(stripped);
    }
    if (stripped.precision() - stripped.scale() > 18) {
      return nodes.numberNode(stripped.toBigInteger());
    }
    long whole = stripped.longValueExact();
    return whole == (int) whole ? nodes.numberNode((int) whole) : nodes.numberNode(whole);
  }
}
