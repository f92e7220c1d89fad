package dev.kantele.runtime.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.runtime.model.ModelEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of an answer together: numbers its parts in the order in which they begin, and
 * finds the tool call that a fragment belongs to.
 */
final class ChatParts {
  /** The key of a call in an answer that can have only one. */
  private static final int ONLY_CALL = -1;

  private enum Kind {
    TEXT,
    REASONING,
    CALL
  }

  /** A tool call. Its part begins when its name is known. */
  private static final class Call {
    final String id;
    int part = -1;

    /** Arguments that came before the name. */
    final StringBuilder held = new StringBuilder();

    Call(String id) {
      this.id = id;
    }

    boolean isNameless() {
      return part < 0;
    }
  }

  private final List<Call> calls = new ArrayList<>();

  /** The latest call with each index. */
  private final Map<Integer, Call> byIndex = new HashMap<>();

  private int parts;

  /** What the latest part is. */
  private @Nullable Kind kind;

  void text(String text, List<ModelEvent> said) {
    if (!text.isEmpty()) {
      said.add(new ModelEvent.TextDelta(partOf(Kind.TEXT), text));
    }
  }

  void reasoning(String text, List<ModelEvent> said) {
    if (!text.isEmpty()) {
      said.add(new ModelEvent.ReasoningDelta(partOf(Kind.REASONING), text));
    }
  }

  private int partOf(Kind wanted) {
    return kind == wanted ? parts - 1 : begin(wanted);
  }

  private int begin(Kind begun) {
    kind = begun;
    return parts++;
  }

  /** Takes in a fragment of a tool call. */
  void call(JsonNode fragment, List<ModelEvent> said) {
    JsonNode function = fragment.path("function");
    String id = fragment.path("id").asText("");
    JsonNode index = fragment.path("index");
    String name = function.path("name").asText("");
    Call call = index.isInt() ? byIndex(index.intValue(), id, name) : byId(id, name);
    add(call, name, function.path("arguments"), said);
  }

  /** Takes in a fragment of the only call that there is, as older servers send it. */
  void onlyCall(JsonNode function, List<ModelEvent> said) {
    Call call = byIndex.computeIfAbsent(ONLY_CALL, _ -> begin(""));
    add(call, function.path("name").asText(""), function.path("arguments"), said);
  }

  /* Some servers give every call the index 0; then a new id with a name is a new call. */
  private Call byIndex(int index, String id, String name) {
    Call known = byIndex.get(index);
    boolean isNew = !id.isEmpty() && !name.isEmpty();
    if (known != null && !(isNew && !known.id.equals(id))) {
      return known;
    }
    Call call = begin(id);
    byIndex.put(index, call);
    return call;
  }

  /* And some give no index: a known id goes on, and so does a fragment that says nothing new. */
  private Call byId(String id, String name) {
    if (!id.isEmpty()) {
      return calls.stream()
          .filter(call -> call.id.equals(id))
          .findFirst()
          .orElseGet(() -> begin(id));
    }
    return calls.isEmpty() || !name.isEmpty() ? begin("") : calls.getLast();
  }

  private Call begin(String id) {
    var call = new Call(id);
    calls.add(call);
    return call;
  }

  private void add(Call call, String name, JsonNode arguments, List<ModelEvent> said) {
    // Some servers send the arguments as the object that they are the text of.
    String text =
        arguments.isTextual()
            ? arguments.textValue()
            : arguments.isObject() ? arguments.toString() : "";
    if (call.isNameless() && name.isEmpty()) {
      call.held.append(text);
      return;
    }
    if (call.isNameless()) {
      call.part = begin(Kind.CALL);
      said.add(new ModelEvent.ToolCallStarted(call.part, name));
      addArguments(call, call.held.toString(), said);
      call.held.setLength(0);
    }
    addArguments(call, text, said);
  }

  private static void addArguments(Call call, String text, List<ModelEvent> said) {
    if (!text.isEmpty()) {
      said.add(new ModelEvent.ToolCallDelta(call.part, text));
    }
  }

  boolean hasCalls() {
    return !calls.isEmpty();
  }

  boolean hasNamelessCall() {
    return calls.stream().anyMatch(Call::isNameless);
  }
}
