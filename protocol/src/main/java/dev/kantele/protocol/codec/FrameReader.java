package dev.kantele.protocol.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads a frame's JSON into a tree, within limits. Takes I-JSON only (RFC 7493): no name twice, no
 * lone surrogate, no number beyond a double.
 */
final class FrameReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final CodecLimits limits;
  private final JsonFactory factory;

  FrameReader(CodecLimits limits) {
    this.limits = limits;
    this.factory = factory(limits);
  }

  /** A factory whose own limits lie beyond ours, which are checked here with a better sentence. */
  private static JsonFactory factory(CodecLimits limits) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.nestingLevels() + 1)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .build();
    return JsonFactory.builder()
        .streamReadConstraints(constraints)
        // Names come from strangers: they must not stay in the JVM's string table.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  ObjectNode read(String frame) throws Rejection {
    try (JsonParser parser = factory.createParser(frame)) {
      return readFrame(parser);
    } catch (JsonProcessingException e) {
      throw Rejection.invalidMessage(
          "The frame is not valid JSON at character " + characterOf(e) + ".");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonParser parser(String frame) throws IOException {
    return factory.createParser(frame);
  }

  private static long characterOf(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
  }

  private ObjectNode readFrame(JsonParser parser) throws IOException, Rejection {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw Rejection.invalidMessage("The frame is empty (expected: a JSON object).");
    }
    if (token != JsonToken.START_OBJECT) {
      throw Rejection.invalidMessage("The frame is no JSON object.");
    }
    ObjectNode frame = readObject(parser, 1);
    if (parser.nextToken() != null) {
      throw Rejection.invalidMessage("The frame holds more than one JSON value.");
    }
    return frame;
  }

  private JsonNode readValue(JsonParser parser, int level) throws IOException, Rejection {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser, nextLevel(parser, level));
      case START_ARRAY -> readArray(parser, nextLevel(parser, level));
      case VALUE_STRING -> NODES.textNode(readString(parser));
      case VALUE_NUMBER_INT -> readInteger(parser);
      case VALUE_NUMBER_FLOAT -> readDecimal(parser);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("token: " + parser.currentToken());
    };
  }

  private int nextLevel(JsonParser parser, int level) throws Rejection {
    if (level >= limits.nestingLevels()) {
      throw Rejection.limitExceeded(
          "Field " + path(parser.getParsingContext().getParent()) + " is nested",
          level + 1L,
          limits.nestingLevels(),
          "levels deep");
    }
    return level + 1;
  }

  private ObjectNode readObject(JsonParser parser, int level) throws IOException, Rejection {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      requireLength(parser, "The name of field ", name.length());
      requireWhole(parser, name);
      if (object.has(name)) {
        throw Rejection.invalidMessage(
            "Field " + path(parser.getParsingContext()) + " is given twice (expected: once).");
      }
      if (object.size() == limits.objectFields()) {
        throw Rejection.limitExceeded(
            "The object with field " + path(parser.getParsingContext()) + " has",
            object.size() + 1L,
            limits.objectFields(),
            "fields");
      }
      parser.nextToken();
      object.set(name, readValue(parser, level));
    }
    return object;
  }

  private ArrayNode readArray(JsonParser parser, int level) throws IOException, Rejection {
    ArrayNode array = NODES.arrayNode();
    JsonStreamContext context = parser.getParsingContext();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (array.size() == limits.arrayElements()) {
        throw Rejection.limitExceeded(
            "Field " + path(context.getParent()) + " has",
            array.size() + 1L,
            limits.arrayElements(),
            "elements");
      }
      array.add(readValue(parser, level));
    }
    return array;
  }

  private String readString(JsonParser parser) throws IOException, Rejection {
    requireLength(parser, "Field ", parser.getTextLength());
    String text = parser.getText();
    requireWhole(parser, text);
    return text;
  }

  private JsonNode readInteger(JsonParser parser) throws IOException, Rejection {
    requireNumberLength(parser);
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private JsonNode readDecimal(JsonParser parser) throws IOException, Rejection {
    requireNumberLength(parser);
    double value = parser.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw Rejection.numberTooLarge(path(parser.getParsingContext()), parser.getText());
    }
    return NODES.numberNode(value);
  }

  private void requireNumberLength(JsonParser parser) throws IOException, Rejection {
    if (parser.getTextLength() > limits.numberCharacters()) {
      throw Rejection.limitExceeded(
          "Field " + path(parser.getParsingContext()) + " is a number of",
          parser.getTextLength(),
          limits.numberCharacters(),
          "characters");
    }
  }

  private void requireLength(JsonParser parser, String what, int length) throws Rejection {
    if (length > limits.stringCharacters()) {
      throw Rejection.limitExceeded(
          what + path(parser.getParsingContext()) + " has",
          length,
          limits.stringCharacters(),
          "characters");
    }
  }

  private static void requireWhole(JsonParser parser, String text) throws Rejection {
    int at = Surrogates.indexOfLone(text);
    if (at >= 0) {
      throw Rejection.invalidMessage(
          "Field %s has the lone surrogate U+%04X at character %d (expected: whole characters)."
              .formatted(path(parser.getParsingContext()), (int) text.charAt(at), at));
    }
  }

  /** Returns where a value is, as in {@code content[1].text}. */
  private static String path(JsonStreamContext context) {
    String parent =
        context.getParent() == null || context.getParent().inRoot()
            ? ""
            : path(context.getParent());
    if (context.inArray()) {
      return Shown.path(parent + "[" + context.getCurrentIndex() + "]");
    }
    String name = context.getCurrentName() == null ? "" : Shown.name(context.getCurrentName());
    return Shown.path(parent.isEmpty() ? name : parent + "." + name);
  }
}
