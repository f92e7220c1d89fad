package dev.kantele.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StrictSchemaTest {
  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** An object with one field. */
  private static String object(String field) {
    return """
        {"type": "object", "properties": {"f": %s}, "required": ["f"], "additionalProperties": false}
        """
        .formatted(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"string\", \"description\": \"A city.\", \"pattern\": \"[A-Z].*\"}",
        "{\"type\": [\"string\", \"null\"]}",
        "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 9}",
        "{\"enum\": [\"red\", \"blue\"]}",
        "{\"type\": \"array\", \"items\": {\"type\": \"number\"}, \"minItems\": 1}",
        "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"number\"}]}",
        "{\"type\": \"string\", \"format\": \"date-time\"}",
        "{\"$ref\": \"#\"}",
      })
  void it_may_have(String field) {
    assertThat(StrictSchema.fits(json(object(field)))).isTrue();
    assertThat(StrictSchema.fits(json(object(object(field))))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"allOf\": [{\"type\": \"string\"}]}",
        "{\"oneOf\": [{\"type\": \"string\"}]}",
        "{\"not\": {\"type\": \"string\"}}",
        "{\"type\": \"object\"}",
        "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}}",
        "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": \"string\"}}, \"additionalProperties\": false}",
        "{\"type\": \"object\", \"properties\": {}, \"required\": [\"a\"], \"additionalProperties\": false}",
        "{\"type\": \"string\", \"format\": \"uri\"}",
        "{\"type\": \"string\", \"default\": \"a\"}",
        "{\"type\": \"text\"}",
        "{\"type\": []}",
        "{\"$ref\": \"https://example.org/a.json\"}",
        "{\"properties\": {\"a\": {\"type\": \"string\"}}}",
        "{\"type\": \"array\", \"items\": true}",
        "{\"x-mine\": 1}",
        "true",
      })
  void it_must_not_have(String field) {
    assertThat(StrictSchema.fits(json(object(field)))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\": \"string\"}",
        "{\"type\": [\"object\", \"null\"], \"properties\": {}, \"required\": [], \"additionalProperties\": false}",
        "{\"type\": \"object\", \"anyOf\": [], \"required\": [], \"additionalProperties\": false}",
      })
  void its_root_must_be_one_object(String schema) {
    assertThat(StrictSchema.fits(json(schema))).isFalse();
  }

  @Test
  void it_is_not_nested_too_deeply() {
    String nested = "{\"type\": \"string\"}";
    for (int depth = 1; depth < 10; depth++) {
      nested = object(nested);
    }

    assertThat(StrictSchema.fits(json(nested))).isTrue();
    assertThat(StrictSchema.fits(json(object(nested)))).isFalse();
  }

  @Test
  void it_has_no_more_values_than_are_allowed() {
    assertThat(StrictSchema.fits(json(object(values(1_000))))).isTrue();
    assertThat(StrictSchema.fits(json(object(values(1_001))))).isFalse();
  }

  private static String values(int count) {
    return "{\"enum\": ["
        + IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","))
        + "]}";
  }
}
