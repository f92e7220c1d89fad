package dev.kantele.runtime.model.ollama;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.runtime.model.http.SentTools;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A transcript as Ollama's messages, each of which has one text and a list of pictures. */
final class OllamaMessages {
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();

  /** The tools that were called, by call: a result names its tool, too. */
  private final Map<InvocationId, String> tools = new HashMap<>();

  static ArrayNode of(Optional<String> instructions, List<Message> transcript) {
    var chat = new OllamaMessages();
    instructions.ifPresent(text -> chat.add("system", text));
    for (Message message : transcript) {
      switch (message.role()) {
        case USER -> chat.addUser(message);
        case ASSISTANT -> chat.addAssistant(message);
        case TOOL -> chat.addResults(message);
      }
    }
    return chat.messages;
  }

  private ObjectNode add(String role, String content) {
    return messages.addObject().put("role", role).put("content", content);
  }

  private void addUser(Message message) {
    var texts = new ArrayList<String>();
    ArrayNode images = JsonNodeFactory.instance.arrayNode();
    for (Part part : message.content()) {
      switch (part) {
        case Part.Text(var text) -> texts.add(text);
        case Part.Image(var mediaType, var data, var url) -> {
          if (data.isPresent()) {
            images.add(data.get());
          } else {
            // The server fetches nothing, but a model with tools may.
            texts.add("[%s: %s]".formatted(mediaType, url.orElseThrow()));
          }
        }
        case Part.File file -> texts.add(text(file));
        case Part.Resource(var uri, var name, _) ->
            texts.add(name.map(text -> "[" + text + ": " + uri + "]").orElse("[" + uri + "]"));
        case Part.Data(var value) -> texts.add(value.toString());
        // Not in what a user says.
        case Part.Reasoning _, Part.ToolCall _, Part.ToolResult _ -> {}
      }
    }
    ObjectNode user = add("user", String.join("\n", texts));
    if (!images.isEmpty()) {
      user.set("images", images);
    }
  }

  /* There is no place for files; one that is text can be read as such. */
  private static String text(Part.File file) {
    String what = "%s, %s".formatted(file.name(), file.mediaType());
    if (file.data().isEmpty()) {
      return "[%s: %s]".formatted(what, file.url().orElseThrow());
    }
    if (!file.mediaType().matches("(?i)text/.*|application/(.*\\+)?(json|xml|yaml)(;.*)?")) {
      return "[%s: this model can't read it]".formatted(what);
    }
    byte[] bytes = Base64.getMimeDecoder().decode(file.data().get());
    return "[%s:]\n%s".formatted(what, new String(bytes, StandardCharsets.UTF_8));
  }

  private void addAssistant(Message message) {
    var thinking = new StringBuilder();
    ArrayNode calls = JsonNodeFactory.instance.arrayNode();
    for (Part part : message.content()) {
      if (part instanceof Part.Reasoning(var text, _)) {
        thinking.append(text);
      }
      if (part instanceof Part.ToolCall(var invocation, var name, var arguments)) {
        tools.put(invocation, SentTools.name(name));
        calls
            .addObject()
            .put("id", SentTools.id(invocation))
            .putObject("function")
            .put("name", SentTools.name(name))
            .set("arguments", SentTools.arguments(arguments));
      }
    }
    String text = message.text();
    if (text.isEmpty() && calls.isEmpty()) {
      return;
    }
    ObjectNode assistant = add("assistant", text);
    if (!thinking.isEmpty()) {
      assistant.put("thinking", thinking.toString());
    }
    if (!calls.isEmpty()) {
      assistant.set("tool_calls", calls);
    }
  }

  private void addResults(Message message) {
    for (Part part : message.content()) {
      if (part instanceof Part.ToolResult result) {
        add("tool", SentTools.text(result))
            .put("tool_name", tools.getOrDefault(result.invocation(), ""))
            .put("tool_call_id", SentTools.id(result.invocation()));
      }
    }
  }
}
