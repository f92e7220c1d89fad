package dev.kantele.runtime.session.actor;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StreamId;
import dev.kantele.runtime.log.SessionLog;
import dev.kantele.runtime.model.ModelEvent;
import dev.kantele.runtime.session.ToolArguments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what a model says, as {@code stream.completed} will show it. */
final class ReplyBuilder {
  private final StreamId stream;
  private final PartOrder order = new PartOrder();
  private final List<StringBuilder> texts = new ArrayList<>();
  private final List<ModelEvent> firsts = new ArrayList<>();
  private final Map<Integer, String> signatures = new HashMap<>();
  private boolean outOfOrder;

  ReplyBuilder(StreamId stream) {
    this.stream = stream;
  }

  /** Takes in the next event; after one that is out of order nothing. */
  void accept(ModelEvent event) {
    outOfOrder |= order.accept(event).isPresent();
    if (outOfOrder) {
      return;
    }
    switch (event) {
      case ModelEvent.TextDelta(var part, var text) -> add(part, event, text);
      case ModelEvent.ReasoningDelta(var part, var text) -> add(part, event, text);
      case ModelEvent.ReasoningSigned(var part, var signature) -> {
        add(part, event, "");
        signatures.put(part, signature);
      }
      case ModelEvent.ToolCallStarted(var part, _) -> add(part, event, "");
      case ModelEvent.ToolCallDelta(var part, var arguments) -> add(part, event, arguments);
      case ModelEvent.Finished _, ModelEvent.Failed _ -> {}
    }
  }

  private void add(int part, ModelEvent event, String text) {
    if (part == firsts.size()) {
      firsts.add(event);
      texts.add(new StringBuilder());
    }
    texts.get(part).append(text);
  }

  /** The message; absent where its parts were out of order. */
  Optional<Message> message() {
    if (outOfOrder) {
      return Optional.empty();
    }
    var parts = new ArrayList<Part>();
    for (int part = 0; part < firsts.size(); part++) {
      String text = texts.get(part).toString();
      parts.add(
          switch (firsts.get(part)) {
            case ModelEvent.ToolCallStarted(_, var name) ->
                new Part.ToolCall(
                    SessionLog.invocation(stream, part),
                    name,
                    ToolArguments.parse(text).orElseGet(() -> TextNode.valueOf(text)));
            case ModelEvent.ReasoningDelta _, ModelEvent.ReasoningSigned _ ->
                new Part.Reasoning(text, Optional.ofNullable(signatures.get(part)));
            case ModelEvent.TextDelta _,
                ModelEvent.ToolCallDelta _,
                ModelEvent.Finished _,
                ModelEvent.Failed _ ->
                new Part.Text(text);
          });
    }
    return Optional.of(Message.of(Role.ASSISTANT, parts));
  }
}
