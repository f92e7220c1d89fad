package dev.kantele.runtime.model.scripted;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.kantele.runtime.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One YAML document as a tree that knows the line, from 1, of each node. */
sealed interface Yaml {
  int line();

  /** The same as JSON. */
  JsonNode toJson();

  /** A single value, and how it is written: {@code yes} is a truth to YAML and a word to people. */
  record Scalar(int line, JsonNode value, String text) implements Yaml {
    @Override
    public JsonNode toJson() {
      return value;
    }
  }

  record Sequence(int line, List<Yaml> elements) implements Yaml {
    public Sequence {
      elements = List.copyOf(elements);
    }

    @Override
    public JsonNode toJson() {
      var array = JsonNodeFactory.instance.arrayNode();
      elements.forEach(element -> array.add(element.toJson()));
      return array;
    }
  }

  /** Fields in the order in which they are written. */
  record Mapping(int line, Map<String, Yaml> fields) implements Yaml {
    public Mapping {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public JsonNode toJson() {
      var object = JsonNodeFactory.instance.objectNode();
      fields.forEach((name, field) -> object.set(name, field.toJson()));
      return object;
    }
  }

  /** Reads the one document of {@code text}, which errors call {@code file}. */
  static Yaml read(String file, String text) {
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      if (parser.nextToken() == null) {
        throw new SettingsException(file + ": empty (expected: a list of replies)");
      }
      Yaml root = node(file, parser);
      if (parser.nextToken() != null) {
        throw problem(file, line(parser), "a second document (expected: one document in a file)");
      }
      return root;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String found = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new SettingsException(
          "%s:%d: not YAML: %s (expected: a list of replies)".formatted(file, line, found), e);
    } catch (IOException e) {
      throw new SettingsException(file + ": can't be read (expected: a readable file)", e);
    }
  }

  static SettingsException problem(String file, int line, String sentence) {
    return new SettingsException(file + ":" + line + ": " + sentence);
  }

  private static Yaml node(String file, YAMLParser parser) throws IOException {
    int line = line(parser);
    if (parser.isCurrentAlias()) {
      throw problem(file, line, "an alias (expected: the value itself)");
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> mapping(file, line, parser);
      case START_ARRAY -> sequence(file, line, parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(line, parser, number(parser));
      case VALUE_TRUE -> scalar(line, parser, JsonNodeFactory.instance.booleanNode(true));
      case VALUE_FALSE -> scalar(line, parser, JsonNodeFactory.instance.booleanNode(false));
      case VALUE_NULL -> scalar(line, parser, JsonNodeFactory.instance.nullNode());
      case VALUE_STRING ->
          scalar(line, parser, JsonNodeFactory.instance.textNode(parser.getText()));
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw problem(file, line, token + " (expected: a value)");
    };
  }

  private static Mapping mapping(String file, int line, YAMLParser parser) throws IOException {
    var fields = new LinkedHashMap<String, Yaml>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      int at = line(parser);
      parser.nextToken();
      if (fields.put(name, node(file, parser)) != null) {
        throw problem(file, at, "'" + name + "' is there twice (expected: once)");
      }
    }
    return new Mapping(line, fields);
  }

  private static Sequence sequence(String file, int line, YAMLParser parser) throws IOException {
    var elements = new ArrayList<Yaml>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(node(file, parser));
    }
    return new Sequence(line, elements);
  }

  private static Scalar scalar(int line, YAMLParser parser, JsonNode value) throws IOException {
    return new Scalar(line, value, parser.getText());
  }

  /** The node that the same number in JSON becomes. */
  private static JsonNode number(YAMLParser parser) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (parser.getNumberType()) {
      case INT -> nodes.numberNode(parser.getIntValue());
      case LONG -> nodes.numberNode(parser.getLongValue());
      case BIG_INTEGER -> nodes.numberNode(parser.getBigIntegerValue());
      case FLOAT, DOUBLE, BIG_DECIMAL -> nodes.numberNode(parser.getDoubleValue());
    };
  }

  private static int line(YAMLParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
