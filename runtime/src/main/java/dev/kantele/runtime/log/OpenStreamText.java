package dev.kantele.runtime.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.ReasoningDelta;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolCallDelta;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What a running model stream has said, part by part. Confined to the session's actor. */
final class OpenStreamText implements OpenOperation {
  private final TurnId turn;
  private final StreamId stream;
  private final Map<Integer, Said> parts = new TreeMap<>();
  private long firstLive;

  private static final class Said {
    final EventBody.Live first;
    final OpenPart text = new OpenPart();

    Said(EventBody.Live first) {
      this.first = first;
    }
  }

  OpenStreamText(TurnId turn, StreamId stream) {
    this.turn = turn;
    this.stream = stream;
  }

  @Override
  public void append(long seq, EventBody.Live event) {
    if (firstLive == 0) {
      firstLive = seq;
    }
    switch (event) {
      case TextDelta delta -> said(delta.part(), delta).text.append(seq, delta.text());
      case ReasoningDelta delta -> said(delta.part(), delta).text.append(seq, delta.text());
      case ToolCallDelta delta -> said(delta.part(), delta).text.append(seq, delta.arguments());
      case EventBody.ToolOutput _, EventBody.Warning _ -> {}
    }
  }

  private Said said(int part, EventBody.Live event) {
    return parts.computeIfAbsent(part, _ -> new Said(event));
  }

  /** Whether something was said in {@code part}. */
  boolean has(int part) {
    return parts.containsKey(part);
  }

  @Override
  public long firstLive() {
    return firstLive;
  }

  @Override
  public List<EventBody.Live> merged(long after, long to) {
    var events = new ArrayList<EventBody.Live>();
    parts.forEach(
        (part, said) -> {
          int start = said.text.endAt(after);
          int end = said.text.endAt(to);
          boolean begins = start == 0 && said.text.saidBy(to) && !said.text.saidBy(after);
          if (end > start || begins) {
            events.add(piece(part, said.first, said.text.between(start, end), begins));
          }
        });
    return events;
  }

  private EventBody.Live piece(int part, EventBody.Live first, String text, boolean begins) {
    return switch (first) {
      case TextDelta _ -> new TextDelta(turn, stream, part, text);
      case ReasoningDelta _ -> new ReasoningDelta(turn, stream, part, text);
      case ToolCallDelta call ->
          new ToolCallDelta(
              turn, stream, part, call.invocation(), begins ? call.name() : Optional.empty(), text);
      case EventBody.ToolOutput _, EventBody.Warning _ ->
          throw new IllegalStateException("part " + part + " began with " + first);
    };
  }

  @Override
  public long mergedLength(long after, long to) {
    long length = 0;
    for (Said said : parts.values()) {
      length += (long) said.text.endAt(to) - said.text.endAt(after);
    }
    return length;
  }

  /**
   * The message so far; {@code arguments} reads a tool call's text, and gives nothing where it is
   * no JSON object.
   */
  Message message(
      boolean partial,
      Map<Integer, String> signatures,
      Function<String, Optional<JsonNode>> arguments) {
    var content = new TreeMap<Integer, Part>();
    /* Of reasoning that the vendor keeps to itself nothing comes but the signature. */
    signatures.forEach(
        (part, signature) -> content.put(part, new Part.Reasoning("", Optional.of(signature))));
    parts.forEach(
        (part, said) ->
            content.put(part, part(said, Optional.ofNullable(signatures.get(part)), arguments)));
    return new Message(Role.ASSISTANT, List.copyOf(content.values()), partial);
  }

  private static Part part(
      Said said, Optional<String> signature, Function<String, Optional<JsonNode>> arguments) {
    String text = said.text.all();
    return switch (said.first) {
      case TextDelta _ -> new Part.Text(text);
      case ReasoningDelta _ -> new Part.Reasoning(text, signature);
      case ToolCallDelta call ->
          new Part.ToolCall(
              call.invocation(),
              call.name().orElse(""),
              arguments.apply(text).orElseGet(() -> TextNode.valueOf(text)));
      case EventBody.ToolOutput _, EventBody.Warning _ ->
          throw new IllegalStateException("a part began with " + said.first);
    };
  }
}
