package dev.kantele.runtime.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.tool.ArgumentValidator.Compilation;
import dev.kantele.runtime.tool.ArgumentValidator.Result;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentValidatorTest {
  private static final String TOO_LONG =
      "arguments: the check takes too long (expected: at most 1,000,000 steps)";

  @Nested
  class Arguments {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            {"type": "string"}                       | 3         | arguments: 3 (expected: string)
            {"type": ["string", "null"]}             | true      | arguments: true (expected: string or null)
            {"type": "integer"}                      | 1.5       | arguments: 1.5 (expected: integer)
            {"enum": ["a", 2]}                       | "c"       | arguments: 'c' (expected: one of a, 2)
            {"const": "a"}                           | "b"       | arguments: 'b' (expected: 'a')
            {"minimum": 1}                           | 0         | arguments: 0 (expected: at least 1)
            {"maximum": 1}                           | 2         | arguments: 2 (expected: at most 1)
            {"exclusiveMinimum": 1}                  | 1         | arguments: 1 (expected: more than 1)
            {"exclusiveMaximum": 1}                  | 1         | arguments: 1 (expected: less than 1)
            {"multipleOf": 5}                        | 7         | arguments: 7 (expected: a multiple of 5)
            {"minLength": 2}                         | "a"       | arguments: 'a' (expected: at least 2 characters)
            {"maxLength": 2}                         | "abc"     | arguments: 'abc' (expected: at most 2 characters)
            {"pattern": "^a+$"}                      | "ab"      | arguments: 'ab' (expected: text that matches ^a+$)
            {"minItems": 1}                          | []        | arguments: [] (expected: at least 1 elements)
            {"maxItems": 1}                          | [1,2]     | arguments: [1,2] (expected: at most 1 elements)
            {"uniqueItems": true}                    | [1,1]     | arguments: [1,1] (expected: no element twice)
            {"required": ["a"]}                      | {}        | arguments.a: missing (expected: a value)
            {"additionalProperties": false}          | {"a":1}   | arguments.a: not known (expected: no such field)
            {"items": {"properties": {"n": {"type": "integer"}}}} | [{"n":"x"}] | arguments[0].n: 'x' (expected: integer)
            """)
    void what_does_not_fit_is_said_with_path_value_and_expectation(
        String schema, String value, String sentence) {
      assertThat(check(schema, value)).isEqualTo(new Result.Invalid(List.of(sentence)));
    }

    @Test
    void a_keyword_without_a_sentence_of_ours_says_what_the_library_says() {
      assertThat(reasons("{\"not\": {\"type\": \"string\"}}", "\"a\""))
          .singleElement()
          .asString()
          .startsWith("arguments: 'a' (expected: that it ");
    }

    @Test
    void every_violation_is_said_up_to_eight() {
      String schema = "{\"items\": {\"type\": \"string\"}}";

      assertThat(reasons(schema, "[1,2,3,4,5,6,7,8]")).hasSize(8);
      assertThat(reasons(schema, "[1,2,3,4,5,6,7,8,9,10]"))
          .hasSize(9)
          .last()
          .isEqualTo("… and more");
    }

    @Test
    void a_sentence_is_bounded_whatever_the_value() {
      String value = "\"" + "😀".repeat(10_000) + "\"";

      assertThat(reasons("{\"maxLength\": 2}", value))
          .singleElement()
          .asString()
          .hasSizeLessThan(310)
          .doesNotContain("\ud83d…");
    }

    @Test
    void a_pattern_that_backtracks_without_end_is_given_up() {
      String value = "\"" + "a".repeat(50) + "!\"";

      assertThat(reasons("{\"pattern\": \"^(.*a){12}$\"}", value)).containsExactly(TOO_LONG);
    }

    @Test
    void many_patterns_share_the_bound() {
      String values = "[" + "\"aaaaaaaaaaaaaaaaaaaaaaaa!\",".repeat(1_000) + "\"a\"]";

      assertThat(reasons("{\"items\": {\"pattern\": \"^(.*a){3}$\"}}", values))
          .containsExactly(TOO_LONG);
    }

    @Test
    void references_that_fan_out_with_the_value_are_given_up() {
      String schema =
          "{\"properties\": {\"a\": {\"allOf\": [{\"$ref\": \"#\"}, {\"$ref\": \"#\"}]}}}";

      assertThat(reasons(schema, "{\"a\":".repeat(60) + "{}" + "}".repeat(60)))
          .containsExactly(TOO_LONG);
    }

    @Test
    void unevaluated_properties_are_refused() {
      String schema =
          """
          {"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}""";

      assertThat(check(schema, "{\"a\": 1}")).isEqualTo(new Result.Valid());
      assertThat(reasons(schema, "{\"a\": 1, \"b\": 1}"))
          .containsExactly("arguments.b: not known (expected: no such field)");
    }

    @Test
    void a_whole_number_may_be_written_with_a_fraction_of_zero() {
      assertThat(check("{\"type\": \"integer\"}", "1.0")).isEqualTo(new Result.Valid());
    }

    @Test
    void unknown_keywords_are_no_matter() {
      assertThat(check("{\"x-order\": 3, \"type\": \"string\"}", "\"a\""))
          .isEqualTo(new Result.Valid());
    }

    @Test
    void a_schema_may_name_an_older_draft() {
      String schema =
          "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"string\"}";

      assertThat(reasons(schema, "3")).containsExactly("arguments: 3 (expected: string)");
    }

    @Test
    void a_schema_may_refer_to_itself_and_to_its_own_definitions() {
      String tree =
          """
          {"properties": {"left": {"$ref": "#"}, "size": {"$ref": "#/$defs/size"}},
           "$defs": {"size": {"type": "integer"}}}""";

      assertThat(reasons(tree, "{\"left\": {\"left\": {\"size\": \"x\"}}}"))
          .containsExactly("arguments.left.left.size: 'x' (expected: integer)");
    }
  }

  @Nested
  class Schemas {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"type\": \"strin\"}",
          "{\"type\": 3}",
          "{\"properties\": 3}",
          "{\"required\": \"a\"}",
          "{\"minLength\": -1}",
          "{\"pattern\": \"(\"}",
          "{\"$defs\": {\"x\": {\"type\": \"strin\"}}}",
          "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/none\"}}}",
          "{\"$ref\": \"#\"}",
          "{\"$schema\": \"http://example.org/own\"}",
          "{\"$schema\": \"https://json-schema.org/draft/9999-99/schema\"}",
          "{\"$schema\": 3}"
        })
    void what_is_no_schema_is_refused_in_one_sentence(String schema) {
      assertThat(refusal(schema)).startsWith("schema").doesNotContain("\n");
    }

    @Test
    void references_that_fan_out_are_refused() {
      var definitions = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
      for (int i = 0; i < 40; i++) {
        String next = "{\"$ref\": \"#/$defs/d" + (i + 1) + "\"}";
        definitions.append("\"d%d\": {\"allOf\": [%s, %s]},".formatted(i, next, next));
      }
      String schema = definitions.append("\"d40\": {}}}").toString();

      assertThat(refusal(schema))
          .isEqualTo("schema: the check takes too long (expected: at most 1,000,000 steps)");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://127.0.0.1:1/x.json",
          "https://json-schema.org/draft/2020-12/../../elsewhere",
          "file:///etc/passwd",
          "classpath:reference.conf",
          "resource:reference.conf"
        })
    void nothing_is_fetched(String address) {
      assertThat(refusal("{\"$ref\": \"" + address + "\"}")).contains(address);
    }
  }

  private static String refusal(String schema) {
    return switch (ArgumentValidator.compile(Tools.json(schema))) {
      case Compilation.Refused(var reason) -> reason;
      case Compilation.Compiled _ -> throw new AssertionError("compiled: " + schema);
    };
  }

  private static List<String> reasons(String schema, String value) {
    return switch (check(schema, value)) {
      case Result.Invalid(var reasons) -> reasons;
      case Result.Valid _ -> throw new AssertionError("valid: " + value);
    };
  }

  private static Result check(String schema, String value) {
    return switch (ArgumentValidator.compile(Tools.json(schema))) {
      case Compilation.Compiled(var validator) -> validator.validate(Tools.json(value));
      case Compilation.Refused(var reason) -> throw new AssertionError(reason);
    };
  }
}
