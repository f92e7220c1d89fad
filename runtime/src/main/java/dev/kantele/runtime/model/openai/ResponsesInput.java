package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.runtime.model.http.SentTools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transcript as input items. Nothing is stored at the vendor, so each call sends all of them;
 * reasoning goes back encrypted, as the vendor gave it (OpenAI's guide "Reasoning models", section
 * "Encrypted reasoning items").
 */
final class ResponsesInput {
  private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
  private final String provider;
  private final boolean reasons;

  private ResponsesInput(String provider, boolean reasons) {
    this.provider = provider;
    this.reasons = reasons;
  }

  /** {@code reasons} says whether the model takes reasoning items, which others refuse. */
  static ArrayNode of(List<Message> transcript, String provider, boolean reasons) {
    var input = new ResponsesInput(provider, reasons);
    for (Message message : transcript) {
      switch (message.role()) {
        case USER -> input.addUser(message);
        case ASSISTANT -> input.addAssistant(message);
        case TOOL -> input.addResults(message);
      }
    }
    return input.items;
  }

  private ArrayNode addMessage(String role) {
    return items.addObject().put("type", "message").put("role", role).putArray("content");
  }

  private void addUser(Message message) {
    ArrayNode content = addMessage("user");
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
              .put("type", "input_image")
              .put(
                  "image_url",
                  url.or(() -> data.map(base64 -> ChatMessages.dataUrl(mediaType, base64)))
                      .orElseThrow());
      case Part.File(var mediaType, var name, var data, var url) -> {
        ObjectNode file = content.addObject().put("type", "input_file");
        if (data.isPresent()) {
          file.put("filename", name).put("file_data", ChatMessages.dataUrl(mediaType, data.get()));
        } else {
          file.put("file_url", url.orElseThrow());
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
    content.addObject().put("type", "input_text").put("text", text);
  }

  /* Reasoning that nothing follows, as after a cancel, is refused, so it waits for what follows. */
  private void addAssistant(Message message) {
    var waiting = new ArrayList<ObjectNode>();
    for (Part part : message.content()) {
      switch (part) {
        case Part.Text(var text) -> {
          if (!text.isEmpty()) {
            addAll(waiting);
            addMessage("assistant").addObject().put("type", "output_text").put("text", text);
          }
        }
        case Part.Reasoning(var text, var signature) ->
            signature.flatMap(sent -> reasoning(text, sent)).ifPresent(waiting::add);
        case Part.ToolCall(var invocation, var name, var arguments) -> {
          addAll(waiting);
          items
              .addObject()
              .put("type", "function_call")
              .put("call_id", SentTools.id(invocation))
              .put("name", SentTools.name(name))
              .put("arguments", SentTools.arguments(arguments).toString());
        }
        // Not in what a model says.
        case Part.Image _, Part.File _, Part.Resource _, Part.Data _, Part.ToolResult _ -> {}
      }
    }
  }

  private void addAll(List<ObjectNode> waiting) {
    items.addAll(waiting);
    waiting.clear();
  }

  private Optional<ObjectNode> reasoning(String text, String signature) {
    return ReasoningSignature.read(provider, signature)
        .filter(_ -> reasons)
        .map(
            sent -> {
              ObjectNode item =
                  JsonNodeFactory.instance
                      .objectNode()
                      .put("type", "reasoning")
                      .put("id", sent.item());
              ArrayNode summary = item.putArray("summary");
              if (!text.isEmpty()) {
                summary.addObject().put("type", "summary_text").put("text", text);
              }
              return item.put("encrypted_content", sent.encrypted());
            });
  }

  private void addResults(Message message) {
    for (Part part : message.content()) {
      if (part instanceof Part.ToolResult result) {
        items
            .addObject()
            .put("type", "function_call_output")
            .put("call_id", SentTools.id(result.invocation()))
            .put("output", SentTools.text(result));
      }
    }
  }
}
