package dev.kantele.protocol.sequence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.Event;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.codec.WireMapper;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Feeds events to {@link LogRules} as a subscriber gets them, one number each unless said. */
final class Log {
  private static final SessionId SESSION = new SessionId("chat-1");
  private static final Failure FAILURE = new Failure("lost", "It was lost.", true);

  private final LogRules rules;
  private long last;

  private Log(LogRules rules) {
    this.rules = rules;
    this.last = rules.last();
  }

  static Log fromStart() {
    return new Log(LogRules.fromStart());
  }

  static Log after(long last) {
    return new Log(LogRules.after(last));
  }

  LogRules rules() {
    return rules;
  }

  Log with(EventBody... bodies) {
    for (EventBody body : bodies) {
      covering(last + 1, last + 1, body);
    }
    return this;
  }

  Log covering(long from, long to, EventBody body) {
    rules.accept(new Event(SESSION, new Covers(from, to), Instant.EPOCH, body));
    last = Math.max(last, to);
    return this;
  }

  static EventBody opened() {
    return new EventBody.SessionOpened(new LogId("log-1"), "writer", Optional.empty(), "alice");
  }

  static EventBody recovered() {
    return new EventBody.SessionRecovered();
  }

  static EventBody closed() {
    return new EventBody.SessionClosed(Optional.empty());
  }

  static EventBody queued(String turn) {
    return new EventBody.TurnQueued(
        new TurnId(turn),
        List.of(new Part.Text("Hello")),
        PromptPolicy.ENQUEUE,
        new ClientId("console"),
        Optional.empty());
  }

  static EventBody turnStarted(String turn) {
    return new EventBody.TurnStarted(new TurnId(turn));
  }

  static EventBody turnCompleted(String turn) {
    return new EventBody.TurnCompleted(
        new TurnId(turn), StopReason.END, Optional.empty(), Usage.NONE, Optional.empty());
  }

  static EventBody turnFailed(String turn) {
    return new EventBody.TurnFailed(new TurnId(turn), FAILURE, Usage.NONE);
  }

  static EventBody streamStarted(String turn, String stream) {
    return new EventBody.StreamStarted(
        new TurnId(turn), new StreamId(stream), "acme/large", 1, Optional.empty());
  }

  static EventBody.TextDelta text(String turn, String stream, int part, String text) {
    return new EventBody.TextDelta(new TurnId(turn), new StreamId(stream), part, text);
  }

  static EventBody.ReasoningDelta reasoning(String turn, String stream, int part, String text) {
    return new EventBody.ReasoningDelta(new TurnId(turn), new StreamId(stream), part, text);
  }

  static EventBody.ToolCallDelta call(
      String turn, String stream, int part, String invocation, String arguments) {
    return new EventBody.ToolCallDelta(
        new TurnId(turn),
        new StreamId(stream),
        part,
        new InvocationId(invocation),
        Optional.of("clock"),
        arguments);
  }

  static EventBody streamCompleted(String turn, String stream, Part... parts) {
    return new EventBody.StreamCompleted(
        new TurnId(turn),
        new StreamId(stream),
        Message.of(Role.ASSISTANT, List.of(parts)),
        Usage.NONE,
        FinishReason.END);
  }

  static EventBody streamFailed(String turn, String stream) {
    return new EventBody.StreamFailed(
        new TurnId(turn),
        new StreamId(stream),
        FAILURE,
        /* willRetry= */ true,
        Optional.empty(),
        Optional.empty(),
        new Message(Role.ASSISTANT, List.of(), /* partial= */ true));
  }

  static EventBody toolRequested(String turn, String invocation) {
    return new EventBody.ToolRequested(
        new TurnId(turn),
        new InvocationId(invocation),
        "clock",
        Optional.of(json("{}")),
        Optional.empty(),
        0,
        ToolExecutor.NODE);
  }

  static EventBody approvalRequired(String turn, String invocation) {
    return new EventBody.ToolApprovalRequired(
        new TurnId(turn), new InvocationId(invocation), Optional.empty());
  }

  static EventBody approved(String turn, String invocation) {
    return new EventBody.ToolApproved(
        new TurnId(turn), new InvocationId(invocation), Optional.empty(), "alice");
  }

  static EventBody toolStarted(String turn, String invocation, int attempt) {
    return new EventBody.ToolStarted(
        new TurnId(turn), new InvocationId(invocation), new EffectId("e1"), attempt);
  }

  static EventBody.ToolOutput toolOutput(String turn, String invocation, String chunk) {
    return new EventBody.ToolOutput(
        new TurnId(turn), new InvocationId(invocation), Optional.of(chunk), Optional.empty());
  }

  static EventBody toolCompleted(String turn, String invocation) {
    return new EventBody.ToolCompleted(
        new TurnId(turn), new InvocationId(invocation), json("true"));
  }

  static EventBody catchup(EventBody.Live... events) {
    return new EventBody.Catchup(List.of(events));
  }

  static EventBody snapshot(int page, int pages, SnapshotState state) {
    return new EventBody.SessionSnapshot(page, pages, state);
  }

  static SnapshotState idle() {
    return state(Optional.empty());
  }

  static SnapshotState running(String turn, String stream, EventBody.Live... parts) {
    return state(
        Optional.of(
            new SnapshotState.OpenTurn(
                new TurnId(turn),
                Optional.of(
                    new SnapshotState.OpenStream(
                        new StreamId(stream), "acme/large", 1, List.of(parts))),
                List.of(),
                List.of(),
                List.of(),
                Usage.NONE)));
  }

  private static SnapshotState state(Optional<SnapshotState.OpenTurn> turn) {
    return new SnapshotState(
        new LogId("log-1"),
        "writer",
        Optional.empty(),
        /* closed= */ false,
        List.of(),
        List.of(),
        turn);
  }

  static Part toolCall(String invocation, String arguments) {
    return new Part.ToolCall(new InvocationId(invocation), "clock", json(arguments));
  }

  static JsonNode json(String text) {
    try {
      return WireMapper.json().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
