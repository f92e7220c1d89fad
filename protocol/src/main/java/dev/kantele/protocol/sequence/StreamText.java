package dev.kantele.protocol.sequence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.codec.WireMapper;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The deltas of a stream, joined by part, and whether its message says the same (rule 3). */
final class StreamText {
  private enum Kind {
    TEXT,
    REASONING,
    ARGUMENTS
  }

  private record Piece(Kind kind, String of, StringBuilder text) {}

  /** Numbers are the same if their values are: 1.0 and 1.00. */
  private static final Comparator<JsonNode> BY_VALUE =
      (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
          return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
      };

  private final Map<Integer, Piece> parts = new TreeMap<>();

  void append(EventBody.TextDelta delta, Consumer<String> violation) {
    append(delta.part(), Kind.TEXT, "", delta.text(), violation);
  }

  void append(EventBody.ReasoningDelta delta, Consumer<String> violation) {
    append(delta.part(), Kind.REASONING, "", delta.text(), violation);
  }

  void append(EventBody.ToolCallDelta delta, Consumer<String> violation) {
    append(delta.part(), Kind.ARGUMENTS, delta.invocation().value(), delta.arguments(), violation);
  }

  private void append(int index, Kind kind, String of, String text, Consumer<String> violation) {
    Piece part = parts.computeIfAbsent(index, _ -> new Piece(kind, of, new StringBuilder()));
    if (part.kind() != kind || !part.of().equals(of)) {
      violation.accept("part " + index + " changes from " + part.kind() + " to " + kind);
    }
    part.text().append(text);
  }

  /** Compares with the message of {@code stream.completed}. */
  void compare(Message message, Consumer<String> violation) {
    for (int i = 0; i < message.content().size(); i++) {
      compare(i, message.content().get(i), violation);
    }
    for (int index : parts.keySet()) {
      if (index >= message.content().size()) {
        violation.accept(
            "part "
                + index
                + " had deltas, but the message has "
                + message.content().size()
                + " parts");
      }
    }
  }

  private void compare(int index, Part part, Consumer<String> violation) {
    switch (part) {
      case Part.Text(var text) -> compareText(index, Kind.TEXT, text, violation);
      case Part.Reasoning(var text, var _) -> compareText(index, Kind.REASONING, text, violation);
      case Part.ToolCall call -> compareCall(index, call, violation);
      case Part.Image _, Part.File _, Part.Resource _, Part.Data _, Part.ToolResult _ -> {
        if (parts.containsKey(index)) {
          violation.accept("part " + index + " had deltas, but is not of text");
        }
      }
    }
  }

  private void compareText(int index, Kind kind, String text, Consumer<String> violation) {
    Piece deltas = parts.get(index);
    String joined = deltas == null ? "" : deltas.text().toString();
    if (deltas != null && deltas.kind() != kind) {
      violation.accept("part " + index + " is " + kind + ", but its deltas were " + deltas.kind());
    } else if (!joined.equals(text)) {
      violation.accept(
          "part "
              + index
              + " differs from its deltas at character "
              + mismatch(joined, text)
              + " ("
              + text.length()
              + " characters, deltas: "
              + joined.length()
              + ")");
    }
  }

  private void compareCall(int index, Part.ToolCall call, Consumer<String> violation) {
    Piece deltas = parts.get(index);
    if (deltas == null) {
      violation.accept("part " + index + " is a tool call without deltas");
    } else if (deltas.kind() != Kind.ARGUMENTS || !deltas.of().equals(call.invocation().value())) {
      violation.accept(
          "part "
              + index
              + " is tool call "
              + call.invocation()
              + ", but its deltas were of "
              + (deltas.kind() == Kind.ARGUMENTS ? "tool call " + deltas.of() : deltas.kind()));
    } else if (!same(deltas.text().toString(), call.arguments())) {
      violation.accept("part " + index + " has other arguments than its deltas");
    }
  }

  /** Arguments are an object, or the model's own text where it was none; no text is no argument. */
  private static boolean same(String text, JsonNode arguments) {
    if (arguments.isTextual()) {
      return text.equals(arguments.textValue());
    }
    if (text.isBlank()) {
      return arguments.isEmpty();
    }
    JsonNode parsed = parse(text);
    return parsed != null && parsed.equals(BY_VALUE, arguments);
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      return WireMapper.json().readTree(text);
    } catch (JsonProcessingException _) {
      return null;
    }
  }

  private static int mismatch(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    return i;
  }
}
