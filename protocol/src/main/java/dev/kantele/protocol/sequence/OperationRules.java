package dev.kantele.protocol.sequence;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.ToolExecutor;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.WireName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Rules 2 to 4: what turns, streams and tool calls may do after one another. */
final class OperationRules {
  private final Lives<TurnId, TurnId> turns = new Lives<>("turn");
  private final Lives<StreamId, OpenStream> streams = new Lives<>("stream");
  private final Lives<InvocationId, OpenInvocation> invocations = new Lives<>("invocation");

  private final Unsettled unsettled = new Unsettled();
  private final SnapshotPages snapshot = new SnapshotPages();
  private boolean closed;

  /** Whether everything that is open was seen to begin. */
  private boolean knowsAll;

  OperationRules(boolean knowsAll) {
    this.knowsAll = knowsAll;
  }

  /** The subscriber was too slow: some deltas never come. */
  void numbersSkipped() {
    streams.open().forEach(OpenStream::missedDeltas);
  }

  /** Events are missing that should not be: nothing more can be said of what begins or ends. */
  void eventsMissed() {
    numbersSkipped();
    knowsAll = false;
  }

  List<String> open() {
    List<String> sentences = new ArrayList<>();
    turns.describeOpen(sentences);
    streams.describeOpen(sentences);
    invocations.describeOpen(sentences);
    return sentences;
  }

  void accept(EventBody body, Consumer<String> violation) {
    if (closed && !(body instanceof EventBody.Synthetic)) {
      violation.accept(nameOf(body) + " after session.closed");
    }
    apply(body, violation);
  }

  private void apply(EventBody body, Consumer<String> violation) {
    switch (body) {
      case EventBody.SessionOpened _, EventBody.SessionDetached _, EventBody.Unknown _ -> {}
      case EventBody.SessionRecovered _ -> recovered();
      case EventBody.SessionSnapshot page -> snapshotPage(page, violation);
      case EventBody.SessionClosed _ -> sessionClosed(violation);
      case EventBody.TurnQueued queued -> begin(turns, queued.turn(), queued.turn(), violation);
      case EventBody.TurnStarted started -> {
        unsettled.requireAllSettled(started, violation);
        hearOf(started.turn(), started, violation);
      }
      case EventBody.TurnSteered steered -> hearOf(steered.turn(), steered, violation);
      case EventBody.TurnOutputRejected rejected -> hearOf(rejected.turn(), rejected, violation);
      case EventBody.TurnCompleted end -> turnEnded(end.turn(), end, violation);
      case EventBody.TurnFailed end -> turnEnded(end.turn(), end, violation);
      case EventBody.TurnCancelled end -> turnEnded(end.turn(), end, violation);
      case EventBody.StreamStarted started -> streamStarted(started, violation);
      case EventBody.TextDelta delta ->
          hearOf(delta, violation).ifPresent(stream -> stream.text().append(delta, violation));
      case EventBody.ReasoningDelta delta ->
          hearOf(delta, violation).ifPresent(stream -> stream.text().append(delta, violation));
      case EventBody.ToolCallDelta delta -> toolCallDelta(delta, violation);
      case EventBody.StreamCompleted end -> streamCompleted(end, violation);
      case EventBody.StreamFailed end -> streamEnded(end, violation);
      case EventBody.StreamCancelled end -> streamEnded(end, violation);
      case EventBody.ToolRequested requested -> toolRequested(requested, violation);
      case EventBody.ToolApprovalRequired required ->
          hearOf((EventBody.OfInvocation) required, violation)
              .ifPresent(OpenInvocation::awaitApproval);
      case EventBody.ToolApproved approved ->
          hearOf((EventBody.OfInvocation) approved, violation).ifPresent(OpenInvocation::approved);
      case EventBody.ToolStarted started -> toolStarted(started, violation);
      case EventBody.ToolOutput output -> toolOutput(output, violation);
      case EventBody.ToolCompleted end -> toolEnded(end, violation);
      case EventBody.ToolFailed end -> toolEnded(end, violation);
      case EventBody.ToolDenied end -> toolEnded(end, violation);
      case EventBody.ToolCancelled end -> toolEnded(end, violation);
      case EventBody.ToolTimedOut end -> toolEnded(end, violation);
      case EventBody.ToolUnknown end -> toolEnded(end, violation);
      case EventBody.InputRequested requested -> hearOf(requested.turn(), requested, violation);
      case EventBody.InputAnswered answered -> hearOf(answered.turn(), answered, violation);
      case EventBody.Catchup catchup -> catchup(catchup, violation);
      case EventBody.Warning warning ->
          warning.turn().ifPresent(turn -> hearOf(turn, warning, violation));
    }
  }

  /** An operation may begin once. */
  private static <I, O> void begin(
      Lives<I, O> lives, I id, O operation, Consumer<String> violation) {
    if (lives.hasEnded(id)) {
      violation.accept(lives.kind() + " " + id + " begins again after its end");
    } else if (lives.isOpen(id)) {
      violation.accept(lives.kind() + " " + id + " begins twice");
    } else {
      lives.begin(id, operation);
    }
  }

  /** Checks that a turn may still be heard of; false if it has ended. */
  private boolean hearOf(TurnId turn, EventBody body, Consumer<String> violation) {
    if (turns.hasEnded(turn)) {
      violation.accept(nameOf(body) + " of turn " + turn + " after its end");
      return false;
    }
    if (!turns.isOpen(turn)) {
      if (knowsAll) {
        violation.accept(nameOf(body) + " of turn " + turn + " before turn.queued");
      }
      turns.begin(turn, turn);
    }
    return true;
  }

  /** Checks that a stream may still be heard of; empty if it has ended. */
  private Optional<OpenStream> hearOf(EventBody.OfStream body, Consumer<String> violation) {
    StreamId id = body.stream();
    if (streams.hasEnded(id)) {
      violation.accept(nameOf(body) + " of stream " + id + " after its end");
      return Optional.empty();
    }
    Optional<OpenStream> known = streams.find(id);
    if (known.isPresent()) {
      requireTurn(body, "stream " + id, known.get().turn(), violation);
      return known;
    }
    if (knowsAll) {
      violation.accept(nameOf(body) + " of stream " + id + " before stream.started");
    }
    hearOf(body.turn(), body, violation);
    var adopted = new OpenStream(body.turn());
    adopted.missedDeltas();
    streams.begin(id, adopted);
    return Optional.of(adopted);
  }

  /** Checks that a tool call may still be heard of; empty if it has ended. */
  private Optional<OpenInvocation> hearOf(EventBody.OfInvocation body, Consumer<String> violation) {
    InvocationId id = body.invocation();
    if (invocations.hasEnded(id)) {
      violation.accept(nameOf(body) + " of invocation " + id + " after its end");
      return Optional.empty();
    }
    Optional<OpenInvocation> known = invocations.find(id);
    if (known.isPresent()) {
      requireTurn(body, "invocation " + id, known.get().turn(), violation);
      return known;
    }
    if (knowsAll) {
      violation.accept(nameOf(body) + " of invocation " + id + " before tool.requested");
    }
    hearOf(body.turn(), body, violation);
    var adopted = new OpenInvocation(body.turn(), /* onNode= */ false);
    invocations.begin(id, adopted);
    return Optional.of(adopted);
  }

  private static void requireTurn(
      EventBody.OfTurn body, String what, TurnId turn, Consumer<String> violation) {
    if (!body.turn().equals(turn)) {
      violation.accept(
          nameOf(body)
              + " of "
              + what
              + " is of turn "
              + body.turn()
              + " (expected: "
              + turn
              + ")");
    }
  }

  private void streamStarted(EventBody.StreamStarted started, Consumer<String> violation) {
    unsettled.requireAllSettled(started, violation);
    hearOf(started.turn(), started, violation);
    begin(streams, started.stream(), new OpenStream(started.turn()), violation);
  }

  private void toolCallDelta(EventBody.ToolCallDelta delta, Consumer<String> violation) {
    if (invocations.hasEnded(delta.invocation())) {
      violation.accept(nameOf(delta) + " of invocation " + delta.invocation() + " after its end");
    }
    hearOf((EventBody.OfStream) delta, violation)
        .ifPresent(stream -> stream.text().append(delta, violation));
  }

  private void streamCompleted(EventBody.StreamCompleted end, Consumer<String> violation) {
    Optional<OpenStream> stream = streamEnded(end, violation);
    if (stream.isPresent() && stream.get().hasAllDeltas()) {
      stream
          .get()
          .text()
          .compare(end.message(), what -> violation.accept("stream " + end.stream() + ": " + what));
    }
  }

  private Optional<OpenStream> streamEnded(EventBody.OfStream end, Consumer<String> violation) {
    Optional<OpenStream> stream = hearOf(end, violation);
    streams.end(end.stream());
    unsettled.settle(end.stream());
    return stream;
  }

  private void toolRequested(EventBody.ToolRequested requested, Consumer<String> violation) {
    unsettled.requireStreamsSettled(requested, violation);
    hearOf(requested.turn(), requested, violation);
    begin(
        invocations,
        requested.invocation(),
        new OpenInvocation(requested.turn(), requested.executor() == ToolExecutor.NODE),
        violation);
  }

  private void toolStarted(EventBody.ToolStarted started, Consumer<String> violation) {
    hearOf((EventBody.OfInvocation) started, violation)
        .ifPresent(
            invocation -> {
              if (invocation.awaitsApproval()) {
                violation.accept(
                    "tool.started of invocation " + started.invocation() + " before tool.approved");
              }
              if (started.attempt() <= invocation.attempt()) {
                violation.accept(
                    "tool.started of invocation %s is attempt %d (expected: more than %d)"
                        .formatted(started.invocation(), started.attempt(), invocation.attempt()));
              }
              invocation.started(started.attempt());
            });
    unsettled.settle(started.invocation());
  }

  private void toolOutput(EventBody.ToolOutput output, Consumer<String> violation) {
    hearOf((EventBody.OfInvocation) output, violation);
    if (unsettled.contains(output.invocation())) {
      violation.accept(
          "tool.output of invocation "
              + output.invocation()
              + " after session.recovered without a new tool.started");
    }
  }

  private void toolEnded(EventBody.OfInvocation end, Consumer<String> violation) {
    hearOf(end, violation);
    invocations.end(end.invocation());
    unsettled.settle(end.invocation());
  }

  /** Children end before their parents. */
  private void turnEnded(TurnId turn, EventBody body, Consumer<String> violation) {
    hearOf(turn, body, violation);
    for (StreamId stream : streams.openIds(open -> open.turn().equals(turn))) {
      violation.accept(nameOf(body) + " of turn " + turn + " before the end of stream " + stream);
      streams.end(stream);
      unsettled.settle(stream);
    }
    for (InvocationId call : invocations.openIds(open -> open.turn().equals(turn))) {
      violation.accept(nameOf(body) + " of turn " + turn + " before the end of invocation " + call);
      invocations.end(call);
      unsettled.settle(call);
    }
    turns.end(turn);
  }

  private void sessionClosed(Consumer<String> violation) {
    for (TurnId turn : turns.openIds(_ -> true)) {
      violation.accept("session.closed before the end of turn " + turn);
    }
    closed = true;
  }

  private void recovered() {
    numbersSkipped();
    unsettled.recovered(
        streams.openIds(_ -> true), invocations.openIds(OpenInvocation::runsOnNode));
  }

  private void catchup(EventBody.Catchup catchup, Consumer<String> violation) {
    Set<Object> merged = new HashSet<>();
    for (EventBody.Live live : catchup.events()) {
      Optional<Object> key = mergeKey(live);
      if (key.isPresent() && !merged.add(key.get())) {
        violation.accept("catchup has " + nameOf(live) + " twice for the same part");
      }
      apply(live, violation);
    }
  }

  /** Deltas of the same key are one in a catchup. */
  private static Optional<Object> mergeKey(EventBody.Live live) {
    return switch (live) {
      case EventBody.TextDelta delta -> Optional.of(List.of(delta.stream(), delta.part()));
      case EventBody.ReasoningDelta delta -> Optional.of(List.of(delta.stream(), delta.part()));
      case EventBody.ToolCallDelta delta -> Optional.of(List.of(delta.stream(), delta.part()));
      case EventBody.ToolOutput output -> Optional.of(output.invocation());
      case EventBody.Warning _ -> Optional.empty();
    };
  }

  private void snapshotPage(EventBody.SessionSnapshot page, Consumer<String> violation) {
    if (!snapshot.add(page)) {
      return;
    }
    turns.replace(snapshot.turns(), violation);
    streams.replace(snapshot.streams(violation), violation);
    invocations.replace(snapshot.invocations(), violation);
    unsettled.clear();
    closed = snapshot.closed();
    knowsAll = true;
  }

  static String nameOf(EventBody body) {
    WireName name = body.getClass().getAnnotation(WireName.class);
    return name == null ? "unknown event" : name.value();
  }
}
