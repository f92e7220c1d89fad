package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.runtime.model.http.SentTools;
import java.util.List;
import java.util.Optional;

/** A transcript as chat messages. */
final class ChatMessages {
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

  static ArrayNode of(Optional<String> instructions, List<Message> transcript) {
    var chat = new ChatMessages();
    instructions.ifPresent(text -> chat.add("system").put("content", text));
    for (Message message : transcript) {
      switch (message.role()) {
        case USER -> chat.addUser(message);
        case ASSISTANT -> chat.addAssistant(message);
        case TOOL -> chat.addResults(message);
      }
    }
    return chat.messages;
  }

  private ObjectNode add(String role) {
    return messages.addObject().put("role", role);
  }

  private void addUser(Message message) {
    ObjectNode user = add("user");
    // Some servers take nothing but a text, so a single one is sent as such.
    if (message.content().size() == 1
        && message.content().getFirst() instanceof Part.Text(var text)) {
      user.put("content", text);
      return;
    }
    ArrayNode content = user.putArray("content");
    for (Part part : message.content()) {
      addContent(content, part);
    }
  }

  private static void addContent(ArrayNode content, Part part) {
    switch (part) {
      case Part.Text(var text) -> addText(content, text);
      case Part.Image(var mediaType, var data, var url) ->
          content
              .addObject()
              .put("type", "image_url")
              .putObject("image_url")
              .put(
                  "url",
                  url.or(() -> data.map(base64 -> dataUrl(mediaType, base64))).orElseThrow());
      case Part.File(var mediaType, var name, var data, var url) -> {
        if (data.isPresent()) {
          content
              .addObject()
              .put("type", "file")
              .putObject("file")
              .put("filename", name)
              .put("file_data", dataUrl(mediaType, data.get()));
        } else {
          // There is no field for a file elsewhere, but a model with tools may fetch it.
          addText(content, "[%s, %s: %s]".formatted(name, mediaType, url.orElseThrow()));
        }
      }
      case Part.Resource(var uri, var name, _) ->
          addText(content, name.map(text -> "[" + text + ": " + uri + "]").orElse("[" + uri + "]"));
      case Part.Data(var value) -> addText(content, value.toString());
      // Not in what a user says.
      case Part.Reasoning _, Part.ToolCall _, Part.ToolResult _ -> {}
    }
  }

  private static void addText(ArrayNode content, String text) {
    content.addObject().put("type", "text").put("text", text);
  }

  static String dataUrl(String mediaType, String base64) {
    return "data:" + mediaType + ";base64," + base64;
  }

  /* Reasoning is not sent back: chat completions have no place for it. */
  private void addAssistant(Message message) {
    List<Part.ToolCall> calls =
        message.content().stream()
            .filter(Part.ToolCall.class::isInstance)
            .map(Part.ToolCall.class::cast)
            .toList();
    String text = message.text();
    if (text.isEmpty() && calls.isEmpty()) {
      return;
    }
    ObjectNode assistant = add("assistant");
    if (text.isEmpty()) {
      assistant.putNull("content");
    } else {
      assistant.put("content", text);
    }
    if (!calls.isEmpty()) {
      ArrayNode sent = assistant.putArray("tool_calls");
      for (Part.ToolCall call : calls) {
        sent.addObject()
            .put("id", SentTools.id(call.invocation()))
            .put("type", "function")
            .putObject("function")
            .put("name", SentTools.name(call.name()))
            .put("arguments", SentTools.arguments(call.arguments()).toString());
      }
    }
  }

  private void addResults(Message message) {
    for (Part part : message.content()) {
      if (part instanceof Part.ToolResult result) {
        add("tool")
            .put("tool_call_id", SentTools.id(result.invocation()))
            .put("content", SentTools.text(result));
      }
    }
  }
}
