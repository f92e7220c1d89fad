package dev.kantele.cluster.render;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the running stream has said, so that its end adds only what is missing. */
final class StreamPage {
  private final Page page;
  private final Style style;
  private final Map<Integer, StringBuilder> shown = new HashMap<>();

  StreamPage(Page page, Style style) {
    this.page = page;
    this.style = style;
  }

  void begin() {
    shown.clear();
  }

  void delta(EventBody.TextDelta delta) {
    shownOf(delta.part()).append(delta.text());
    page.text(delta.text());
  }

  void delta(EventBody.ReasoningDelta delta) {
    shownOf(delta.part()).append(delta.text());
    page.dimText(delta.text());
  }

  private StringBuilder shownOf(int part) {
    return shown.computeIfAbsent(part, _ -> new StringBuilder());
  }

  /** Shows what the message has and the deltas had not. */
  void complete(Message message) {
    List<Part> parts = message.content();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Part.Text(var text) -> page.text(missing(i, text));
        case Part.Reasoning(var text, var _) -> page.dimText(missing(i, text));
        case Part.Image image -> page.line(style.dim("[image " + image.mediaType() + "]"));
        case Part.File file -> page.line(style.dim("[file " + file.name() + "]"));
        case Part.Resource resource -> page.line(style.dim("[" + resource.uri() + "]"));
        case Part.Data data -> page.text(data.value().toString());
        case Part.ToolCall _, Part.ToolResult _ -> {}
      }
    }
    shown.clear();
  }

  private String missing(int part, String text) {
    String before = shownOf(part).toString();
    if (text.startsWith(before)) {
      return text.substring(before.length());
    }
    page.line(style.dim("(what follows replaces the text above)"));
    return text;
  }
}
