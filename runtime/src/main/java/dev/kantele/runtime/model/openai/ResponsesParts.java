package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.model.ModelEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The items of an answer of the Responses wire as parts, numbered in the order in which they begin.
 * An item that comes whole when it is done, as some servers send it, is said then.
 */
final class ResponsesParts {
  /** Says a piece of one part. */
  private interface Piece {
    ModelEvent of(int part, String text);
  }

  /** A part, and how much of it was said. */
  private static final class Begun {
    final int part;
    int characters;

    /** The vendor's index of the paragraph that was said last; only reasoning has several. */
    int paragraph;

    Begun(int part) {
      this.part = part;
    }
  }

  private final String provider;

  /** What has begun, by the indexes of its item and of its content. */
  private final Map<String, Begun> begun = new HashMap<>();

  private int parts;
  private boolean called;
  private boolean refused;

  ResponsesParts(String provider) {
    this.provider = provider;
  }

  boolean hasCalls() {
    return called;
  }

  boolean isRefused() {
    return refused;
  }

  void text(JsonNode event, List<ModelEvent> said) {
    say(content(event), delta(event), ModelEvent.TextDelta::new, said);
  }

  void refusal(JsonNode event, List<ModelEvent> said) {
    refused = true;
    text(event, said);
  }

  /* The paragraphs of a summary are one part. */
  void reasoning(JsonNode event, List<ModelEvent> said) {
    String text = delta(event);
    if (text.isEmpty()) {
      return;
    }
    int paragraph = event.path("summary_index").asInt(event.path("content_index").asInt(0));
    Begun known = begun.get(item(event));
    if (known != null && known.characters > 0 && known.paragraph != paragraph) {
      text = "\n\n" + text;
    }
    say(item(event), text, ModelEvent.ReasoningDelta::new, said);
    begin(item(event)).paragraph = paragraph;
  }

  void arguments(JsonNode event, List<ModelEvent> said) {
    if (begun.containsKey(item(event))) {
      say(item(event), delta(event), ModelEvent.ToolCallDelta::new, said);
    }
  }

  void added(JsonNode event, List<ModelEvent> said) {
    JsonNode item = event.path("item");
    if (item.path("type").asText().equals("function_call")) {
      call(item(event), item, said);
    }
  }

  private void call(String key, JsonNode item, List<ModelEvent> said) {
    if (!begun.containsKey(key)) {
      called = true;
      said.add(new ModelEvent.ToolCallStarted(begin(key).part, item.path("name").asText("")));
    }
    rest(key, item.path("arguments").asText(""), ModelEvent.ToolCallDelta::new, said);
  }

  void done(JsonNode event, List<ModelEvent> said) {
    JsonNode item = event.path("item");
    switch (item.path("type").asText()) {
      case "function_call" -> call(item(event), item, said);
      case "message" -> message(item(event), item.path("content"), said);
      case "reasoning" -> reasoned(item(event), item, said);
      // What the vendor did by itself, such as a search.
      default -> {}
    }
  }

  private void message(String key, JsonNode contents, List<ModelEvent> said) {
    int index = 0;
    for (JsonNode content : contents) {
      String refusal = content.path("refusal").asText("");
      refused |= !refusal.isEmpty();
      String whole = refusal.isEmpty() ? content.path("text").asText("") : refusal;
      rest(key + "." + index++, whole, ModelEvent.TextDelta::new, said);
    }
  }

  /* Reasoning may have nothing to be read, and yet be wanted by the next call. */
  private void reasoned(String key, JsonNode item, List<ModelEvent> said) {
    if (!begun.containsKey(key)) {
      var whole = new StringBuilder();
      for (JsonNode paragraph : item.path("summary")) {
        whole.append(whole.isEmpty() ? "" : "\n\n").append(paragraph.path("text").asText(""));
      }
      say(key, whole.toString(), ModelEvent.ReasoningDelta::new, said);
    }
    String encrypted = item.path("encrypted_content").asText("");
    if (!encrypted.isEmpty()) {
      var signature = new ReasoningSignature(item.path("id").asText(""), encrypted);
      said.add(new ModelEvent.ReasoningSigned(begin(key).part, signature.kept(provider)));
    }
  }

  private void say(String key, String text, Piece piece, List<ModelEvent> said) {
    if (!text.isEmpty()) {
      Begun part = begin(key);
      part.characters += text.length();
      said.add(piece.of(part.part, text));
    }
  }

  private void rest(String key, String whole, Piece piece, List<ModelEvent> said) {
    @Nullable Begun known = begun.get(key);
    int from = known == null ? 0 : known.characters;
    if (whole.length() > from) {
      say(key, whole.substring(from), piece, said);
    }
  }

  private Begun begin(String key) {
    return begun.computeIfAbsent(key, _ -> new Begun(parts++));
  }

  private static String item(JsonNode event) {
    return event.path("output_index").asText("0");
  }

  private static String content(JsonNode event) {
    return item(event) + "." + event.path("content_index").asText("0");
  }

  private static String delta(JsonNode event) {
    return event.path("delta").asText("");
  }
}
