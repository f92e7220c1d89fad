package dev.kantele.protocol.codec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Names;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.WireNumber;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a field may hold: how it is said in an error's sentence, and how a JSON value is read as it.
 * Nothing is converted: a string is no number, a number no string, and 1.0 no integer.
 *
 * @param secret whether a refused value must not be shown
 */
record Kind<T>(String expected, Function<JsonNode, Optional<T>> reader, boolean secret) {
  static final Kind<String> STRING = kind("a string", JsonNode::isTextual, JsonNode::textValue);
  static final Kind<Boolean> BOOLEAN =
      kind("true or false", JsonNode::isBoolean, JsonNode::booleanValue);
  static final Kind<Double> NUMBER = kind("a number", JsonNode::isNumber, JsonNode::doubleValue);
  static final Kind<JsonNode> OBJECT = kind("an object", JsonNode::isObject, node -> node);
  static final Kind<JsonNode> ANY = kind("a JSON value", node -> true, node -> node);
  static final Kind<String> TOOL_NAME =
      kind(
          "1 to 64 characters of A-Za-z0-9_-",
          node -> node.isTextual() && Names.isToolName(node.textValue()),
          JsonNode::textValue);
  static final Kind<Secret> SECRET =
      new Kind<>(
          "a string",
          node -> node.isTextual() ? Optional.of(new Secret(node.textValue())) : Optional.empty(),
          /* secret= */ true);

  /** A string of 1..{@code max} characters of {@code A-Za-z0-9._:-}. */
  static <T> Kind<T> name(int max, Function<String, T> make) {
    return kind(
        "a string of 1 to " + max + " characters of A-Za-z0-9._:-",
        node -> node.isTextual() && Names.isName(node.textValue(), max),
        node -> make.apply(node.textValue()));
  }

  /** A string of 1..{@code max} characters, none of them a control character. */
  static <T> Kind<T> text(int max, Function<String, T> make) {
    return kind(
        "a string of 1 to " + max + " characters without control characters",
        node -> node.isTextual() && Names.isText(node.textValue(), max),
        node -> make.apply(node.textValue()));
  }

  /** An integer of {@code min} to 2^53−1. */
  static Kind<Long> integer(long min) {
    return integer(min, WireNumber.MAX);
  }

  /** An integer of {@code min} to {@code max}. */
  static Kind<Long> integer(long min, long max) {
    return kind(
        "an integer of " + min + " to " + max,
        node ->
            node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= min
                && node.longValue() <= max,
        JsonNode::longValue);
  }

  /** One of the constants, by their names in lower case. */
  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    List<E> constants = List.of(type.getEnumConstants());
    return new Kind<>(
        constants.stream().map(Kind::wireName).collect(Collectors.joining(", ", "one of ", "")),
        node ->
            constants.stream()
                .filter(constant -> node.isTextual() && wireName(constant).equals(node.textValue()))
                .findFirst(),
        /* secret= */ false);
  }

  private static String wireName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <T> Kind<T> kind(
      String expected, Predicate<JsonNode> fits, Function<JsonNode, T> reader) {
    return new Kind<>(
        expected,
        node -> fits.test(node) ? Optional.of(reader.apply(node)) : Optional.empty(),
        /* secret= */ false);
  }

  /** Reads {@code node}, the value at {@code path}. */
  T read(String path, JsonNode node) throws Rejection {
    Optional<T> value = reader.apply(node);
    if (value.isEmpty()) {
      throw Rejection.invalidField(path, secret ? Shown.kind(node) : Shown.value(node), expected);
    }
    return value.get();
  }
}
