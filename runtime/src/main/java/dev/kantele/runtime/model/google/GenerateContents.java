package dev.kantele.runtime.model.google;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.runtime.model.Signature;
import dev.kantele.runtime.model.http.SentTools;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A transcript as contents. Those that follow each other with one role become one, so that the
 * results of a message's calls are together. Signatures go back to the part where they came from:
 * <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Thought signatures</a>.
 */
final class GenerateContents {
  private final ArrayNode contents = JsonNodeFactory.instance.arrayNode();

  /** A result is to have the name of what was called. */
  private final Map<InvocationId, String> names = new HashMap<>();

  static ArrayNode of(List<Message> transcript) {
    var contents = new GenerateContents();
    transcript.forEach(contents::add);
    return contents.contents;
  }

  private void add(Message message) {
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    String waiting = "";
    for (Part part : message.content()) {
      if (part instanceof Part.Reasoning reasoning) {
        waiting = flush(parts, waiting);
        waiting = addReasoning(parts, reasoning);
      } else if (part instanceof Part.ToolCall call) {
        addCall(parts, call, waiting);
        waiting = "";
      } else {
        waiting = flush(parts, waiting);
        addPart(parts, part);
      }
    }
    flush(parts, waiting);
    if (parts.isEmpty()) {
      return;
    }
    String role = message.role() == Role.ASSISTANT ? "model" : "user";
    if (!contents.isEmpty()
        && contents.get(contents.size() - 1).path("role").asText().equals(role)) {
      ((ArrayNode) contents.get(contents.size() - 1).path("parts")).addAll(parts);
    } else {
      contents.addObject().put("role", role).set("parts", parts);
    }
  }

  /** Sends a signature that no call came after, in a text of its own. */
  private static String flush(ArrayNode parts, String signature) {
    if (!signature.isEmpty()) {
      parts.addObject().put("text", "").put("thoughtSignature", signature);
    }
    return "";
  }

  /** Returns the signature of what comes next. */
  private static String addReasoning(ArrayNode parts, Part.Reasoning reasoning) {
    Optional<String> signature =
        reasoning.signature().flatMap(kept -> Signature.read(GoogleProvider.NAME, kept));
    if (signature.isEmpty() || reasoning.text().isEmpty()) {
      return signature.orElse("");
    }
    parts
        .addObject()
        .put("text", reasoning.text())
        .put("thought", true)
        .put("thoughtSignature", signature.get());
    return "";
  }

  private void addCall(ArrayNode parts, Part.ToolCall call, String signature) {
    String name = SentTools.name(call.name());
    names.put(call.invocation(), name);
    ObjectNode part = parts.addObject();
    part.putObject("functionCall")
        .put("id", SentTools.id(call.invocation()))
        .put("name", name)
        .set("args", SentTools.arguments(call.arguments()));
    if (!signature.isEmpty()) {
      part.put("thoughtSignature", signature);
    }
  }

  private void addPart(ArrayNode parts, Part part) {
    switch (part) {
      case Part.Text(var text) -> addText(parts, text);
      case Part.Image(var mediaType, var data, var url) -> addMedia(parts, mediaType, data, url);
      case Part.File(var mediaType, _, var data, var url) -> addMedia(parts, mediaType, data, url);
      case Part.Resource(var uri, var name, _) ->
          addText(parts, name.map(text -> "[" + text + ": " + uri + "]").orElse("[" + uri + "]"));
      case Part.Data(var value) -> addText(parts, value.toString());
      case Part.ToolResult result -> addResult(parts, result);
      // Taken care of before.
      case Part.Reasoning _, Part.ToolCall _ -> {}
    }
  }

  private static void addText(ArrayNode parts, String text) {
    if (!text.isEmpty()) {
      parts.addObject().put("text", text);
    }
  }

  private static void addMedia(
      ArrayNode parts, String mediaType, Optional<String> data, Optional<String> url) {
    ObjectNode part = parts.addObject();
    data.ifPresentOrElse(
        base64 -> part.putObject("inlineData").put("mimeType", mediaType).put("data", base64),
        () ->
            part.putObject("fileData")
                .put("mimeType", mediaType)
                .put("fileUri", url.orElseThrow()));
  }

  private void addResult(ArrayNode parts, Part.ToolResult result) {
    ObjectNode response =
        parts
            .addObject()
            .putObject("functionResponse")
            .put("id", SentTools.id(result.invocation()))
            .put("name", names.getOrDefault(result.invocation(), "_"))
            .putObject("response");
    result.output().ifPresent(output -> response.set("output", output));
    result.error().ifPresent(error -> response.put("error", SentTools.said(error)));
  }
}
