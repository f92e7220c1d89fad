package dev.kantele.cluster.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Short ways to the events of one turn. */
final class Events {
  static final TurnId TURN = new TurnId("t1");
  private static final StreamId STREAM = new StreamId("s1");

  static Event event(EventBody body) {
    return new Event(new SessionId("chat-1"), Covers.of(1), Instant.EPOCH, body);
  }

  static EventBody.StreamStarted streamStarted(int attempt) {
    return new EventBody.StreamStarted(TURN, STREAM, "acme/large", attempt, Optional.empty());
  }

  static EventBody.TextDelta text(String text) {
    return text(0, text);
  }

  static EventBody.TextDelta text(int part, String text) {
    return new EventBody.TextDelta(TURN, STREAM, part, text);
  }

  static EventBody.ReasoningDelta reasoning(String text) {
    return new EventBody.ReasoningDelta(TURN, STREAM, 0, text);
  }

  static EventBody.StreamCompleted streamCompleted(Part... parts) {
    return new EventBody.StreamCompleted(
        TURN,
        STREAM,
        Message.of(Role.ASSISTANT, Arrays.asList(parts)),
        Usage.NONE,
        FinishReason.END);
  }

  static EventBody.StreamFailed streamFailed(Part... parts) {
    var partial = new Message(Role.ASSISTANT, Arrays.asList(parts), /* partial= */ true);
    return new EventBody.StreamFailed(
        TURN,
        STREAM,
        failure("lost"),
        /* willRetry= */ true,
        Optional.empty(),
        Optional.empty(),
        partial);
  }

  static EventBody.ToolRequested requested(String id, String name, String arguments) {
    return new EventBody.ToolRequested(
        TURN,
        new InvocationId(id),
        name,
        Optional.of(json(arguments)),
        Optional.empty(),
        0,
        ToolExecutor.NODE);
  }

  static EventBody.ToolCompleted completed(String id, String output) {
    return new EventBody.ToolCompleted(TURN, new InvocationId(id), json(output));
  }

  static EventBody.TurnCompleted turnCompleted() {
    return new EventBody.TurnCompleted(
        TURN, StopReason.END, Optional.empty(), Usage.NONE, Optional.empty());
  }

  static EventBody.TurnCancelled turnCancelled() {
    return new EventBody.TurnCancelled(
        TURN, Optional.of("the user interrupted it"), List.of(), /* rolledBack= */ false);
  }

  static Failure failure(String message) {
    return new Failure("code", message, /* retryable= */ true);
  }

  static JsonNode json(String text) {
    try {
      return WireMapper.json().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private Events() {}
}
