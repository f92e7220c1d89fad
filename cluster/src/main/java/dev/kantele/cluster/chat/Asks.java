package dev.kantele.cluster.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.cluster.render.Printable;
import dev.kantele.protocol.codec.WireMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What waits for somebody as a question at the keyboard, and its answer as JSON. */
final class Asks {
  static Ask about(Pending pending, boolean edited) {
    return switch (pending) {
      case Pending.Approval call when edited ->
          new Ask(Ask.Kind.ARGUMENTS, Optional.of(call), "", "arguments: ", arguments(call));
      case Pending.Approval call ->
          new Ask(
              Ask.Kind.APPROVAL,
              Optional.of(call),
              "Allow " + Printable.text(call.name()) + " " + arguments(call) + "\n",
              "[y]es / [n]o / [e]dit arguments: ",
              "");
      case Pending.Question question ->
          new Ask(
              Ask.Kind.QUESTION,
              Optional.of(question),
              Printable.text(question.prompt()) + options(question) + "\n",
              "answer (empty declines): ",
              "");
    };
  }

  private static String arguments(Pending.Approval call) {
    return escaped(call.arguments().map(JsonNode::toString).orElse("{}"));
  }

  /**
   * JSON of the same value in which everything can be seen: what is decided on must not look like
   * something else, as characters that turn the direction of writing make it.
   */
  private static String escaped(String json) {
    var seen = new StringBuilder();
    json.codePoints()
        .forEach(
            point -> {
              if (Character.getType(point) == Character.FORMAT || Character.isISOControl(point)) {
                for (char unit : Character.toChars(point)) {
                  seen.append("\\u%04x".formatted((int) unit));
                }
              } else {
                seen.appendCodePoint(point);
              }
            });
    return seen.toString();
  }

  private static String options(Pending.Question question) {
    List<String> options = new ArrayList<>();
    question
        .schema()
        .ifPresent(schema -> schema.path("enum").forEach(one -> options.add(one.asText())));
    return options.isEmpty() ? "" : Printable.text(" (" + String.join(" | ", options) + ")");
  }

  /** The JSON object that was typed; empty if it is none. */
  static Optional<JsonNode> object(String text) {
    return json(text).filter(JsonNode::isObject);
  }

  /** A text is one, unless the schema wants something else and the text is JSON. */
  static JsonNode content(String text, Optional<JsonNode> schema) {
    boolean wantsText =
        schema.isEmpty() || schema.get().path("type").asText("string").equals("string");
    return wantsText ? TextNode.valueOf(text) : json(text).orElseGet(() -> TextNode.valueOf(text));
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(WireMapper.json().readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private Asks() {}
}
