package dev.kantele.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a command. JSON null counts as absent; fields that nobody asks for
 * are ignored.
 */
final class Fields {
  private final ObjectNode object;
  private final String path;

  private Fields(ObjectNode object, String path) {
    this.object = object;
    this.path = path;
  }

  static Fields ofFrame(ObjectNode frame) {
    return new Fields(frame, "");
  }

  /** Reads one element of an array. */
  @FunctionalInterface
  interface ElementReader<T> {
    T read(Fields element) throws Rejection;
  }

  String path(String field) {
    return path + field;
  }

  <T> T required(String field, Kind<T> kind) throws Rejection {
    JsonNode value = present(field);
    if (value == null) {
      throw missing(field, kind.expected());
    }
    return kind.read(path(field), value);
  }

  <T> Optional<T> optional(String field, Kind<T> kind) throws Rejection {
    JsonNode value = present(field);
    return value == null ? Optional.empty() : Optional.of(kind.read(path(field), value));
  }

  OptionalLong optionalLong(String field, Kind<Long> kind) throws Rejection {
    Optional<Long> value = optional(field, kind);
    return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
  }

  OptionalInt optionalInt(String field, Kind<Long> kind) throws Rejection {
    Optional<Long> value = optional(field, kind);
    return value.isPresent() ? OptionalInt.of(Math.toIntExact(value.get())) : OptionalInt.empty();
  }

  OptionalDouble optionalDouble(String field) throws Rejection {
    Optional<Double> value = optional(field, Kind.NUMBER);
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }

  <T> Optional<T> optionalObject(String field, ElementReader<T> reader) throws Rejection {
    JsonNode value = present(field);
    return value == null ? Optional.empty() : Optional.of(reader.read(object(path(field), value)));
  }

  /** Reads a field for which null is a value; empty if it is not there at all. */
  Optional<JsonNode> nullable(String field) {
    return Optional.ofNullable(object.get(field));
  }

  /** Reads a list of {@code min} to {@code max} objects. */
  <T> List<T> objects(String field, int min, int max, ElementReader<T> reader) throws Rejection {
    JsonNode array = array(field, min, max);
    List<T> elements = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      elements.add(reader.read(object(path(field) + "[" + i + "]", array.get(i))));
    }
    return elements;
  }

  /** Reads a list of {@code min} to {@code max} integers. */
  List<Integer> integers(String field, int min, int max) throws Rejection {
    JsonNode array = array(field, min, max);
    Kind<Long> kind = Kind.integer(0, Integer.MAX_VALUE);
    List<Integer> elements = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      elements.add(Math.toIntExact(kind.read(path(field) + "[" + i + "]", array.get(i))));
    }
    return elements;
  }

  /** Checks that one of two fields is there, and not both. */
  void requireExactlyOne(String first, boolean hasFirst, String second, boolean hasSecond)
      throws Rejection {
    if (hasFirst == hasSecond) {
      throw Rejection.notExactlyOne(path(first), path(second), hasFirst);
    }
  }

  private JsonNode array(String field, int min, int max) throws Rejection {
    String expected = "an array of " + min + " to " + max + " elements";
    JsonNode value = present(field);
    if (value == null) {
      throw missing(field, expected);
    }
    if (!value.isArray() || value.size() < min) {
      throw Rejection.invalidField(path(field), Shown.value(value), expected);
    }
    if (value.size() > max) {
      throw Rejection.limitExceeded("Field " + path(field) + " has", value.size(), max, "elements");
    }
    return value;
  }

  private static Fields object(String path, JsonNode value) throws Rejection {
    if (value instanceof ObjectNode object) {
      return new Fields(object, path + ".");
    }
    throw Rejection.invalidField(path, Shown.value(value), "an object");
  }

  private Rejection missing(String field, String expected) {
    return Rejection.invalidField(path(field), "missing", expected);
  }

  private @Nullable JsonNode present(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }
}
