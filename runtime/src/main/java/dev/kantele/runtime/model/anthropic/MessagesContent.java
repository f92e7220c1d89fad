package dev.kantele.runtime.model.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.runtime.model.http.SentTools;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * A transcript as messages. Those that follow each other with one role become one, as the API does
 * it itself: so the results of a message's calls are together, at the begin of the next message.
 */
final class MessagesContent {
  private static final String PDF = "application/pdf";

  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

  static ArrayNode of(List<Message> transcript) {
    var content = new MessagesContent();
    for (Message message : transcript) {
      content.add(message);
    }
    return content.messages;
  }

  private void add(Message message) {
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
    for (Part part : message.content()) {
      addBlock(blocks, part);
    }
    if (blocks.isEmpty()) {
      return;
    }
    String role = message.role() == Role.ASSISTANT ? "assistant" : "user";
    if (!messages.isEmpty()
        && messages.get(messages.size() - 1).path("role").asText().equals(role)) {
      ((ArrayNode) messages.get(messages.size() - 1).path("content")).addAll(blocks);
    } else {
      messages.addObject().put("role", role).set("content", blocks);
    }
  }

  private static void addBlock(ArrayNode blocks, Part part) {
    switch (part) {
      case Part.Text(var text) -> addText(blocks, text);
      case Part.Image(var mediaType, var data, var url) -> {
        ObjectNode source = blocks.addObject().put("type", "image").putObject("source");
        data.ifPresentOrElse(
            base64 -> base64(source, mediaType, base64), () -> url(source, url.orElseThrow()));
      }
      case Part.File file -> addFile(blocks, file);
      case Part.Resource(var uri, var name, _) ->
          addText(blocks, name.map(text -> "[" + text + ": " + uri + "]").orElse("[" + uri + "]"));
      case Part.Data(var value) -> addText(blocks, value.toString());
      case Part.Reasoning reasoning -> ThinkingBlocks.of(reasoning).ifPresent(blocks::add);
      case Part.ToolCall(var invocation, var name, var arguments) ->
          blocks
              .addObject()
              .put("type", "tool_use")
              .put("id", SentTools.id(invocation))
              .put("name", SentTools.name(name))
              .set("input", SentTools.arguments(arguments));
      case Part.ToolResult result -> {
        ObjectNode block =
            blocks
                .addObject()
                .put("type", "tool_result")
                .put("tool_use_id", SentTools.id(result.invocation()))
                .put("content", SentTools.text(result));
        if (result.error().isPresent()) {
          block.put("is_error", true);
        }
      }
    }
  }

  /* The API refuses texts that are empty, or nothing but spaces. */
  private static void addText(ArrayNode blocks, String text) {
    if (!text.isBlank()) {
      blocks.addObject().put("type", "text").put("text", text);
    }
  }

  private static void base64(ObjectNode source, String mediaType, String base64) {
    source.put("type", "base64").put("media_type", mediaType).put("data", base64);
  }

  private static void url(ObjectNode source, String url) {
    source.put("type", "url").put("url", url);
  }

  /* Documents are PDF, or text; of any other file the model can only be told that it is there. */
  private static void addFile(ArrayNode blocks, Part.File file) {
    if (file.mediaType().equals(PDF)) {
      ObjectNode source = addDocument(blocks, file);
      file.data()
          .ifPresentOrElse(
              data -> base64(source, PDF, data), () -> url(source, file.url().orElseThrow()));
    } else if (file.mediaType().startsWith("text/") && file.data().isPresent()) {
      addDocument(blocks, file)
          .put("type", "text")
          .put("media_type", "text/plain")
          .put("data", decoded(file.data().get()));
    } else {
      addText(
          blocks,
          file.url()
              .map(url -> "[%s, %s: %s]".formatted(file.name(), file.mediaType(), url))
              .orElseGet(
                  () ->
                      "[%s, %s: can't be shown to this model]"
                          .formatted(file.name(), file.mediaType())));
    }
  }

  private static ObjectNode addDocument(ArrayNode blocks, Part.File file) {
    return blocks.addObject().put("type", "document").put("title", file.name()).putObject("source");
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return base64;
    }
  }
}
