package dev.kantele.protocol.sequence;

import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SnapshotState;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The pages of a snapshot, without the transcript, until the last has come. */
final class SnapshotPages {
  private final List<SnapshotState.QueuedTurn> queue = new ArrayList<>();
  private final List<SnapshotState.OpenTurn> running = new ArrayList<>();
  private boolean closed;

  /** Adds a page; true if it was the last. */
  boolean add(EventBody.SessionSnapshot page) {
    if (page.page() == 1) {
      queue.clear();
      running.clear();
    }
    queue.addAll(page.state().queue());
    page.state().turn().ifPresent(running::add);
    closed = page.state().closed();
    return page.page() == page.pages();
  }

  boolean closed() {
    return closed;
  }

  Map<TurnId, TurnId> turns() {
    Map<TurnId, TurnId> turns = new LinkedHashMap<>();
    queue.forEach(queued -> turns.put(queued.turn(), queued.turn()));
    running.forEach(open -> turns.put(open.turn(), open.turn()));
    return turns;
  }

  Map<StreamId, OpenStream> streams(Consumer<String> violation) {
    Map<StreamId, OpenStream> streams = new LinkedHashMap<>();
    for (SnapshotState.OpenTurn open : running) {
      Optional<SnapshotState.OpenStream> stream = open.stream();
      if (stream.isPresent()) {
        OpenStream state =
            streams.computeIfAbsent(stream.get().stream(), _ -> new OpenStream(open.turn()));
        stream.get().parts().forEach(part -> append(state.text(), part, violation));
      }
    }
    return streams;
  }

  Map<InvocationId, OpenInvocation> invocations() {
    Map<InvocationId, OpenInvocation> invocations = new LinkedHashMap<>();
    for (SnapshotState.OpenTurn open : running) {
      for (SnapshotState.OpenInvocation call : open.invocations()) {
        var invocation = new OpenInvocation(open.turn(), /* onNode= */ false);
        if (call.state().equals("awaiting_approval")) {
          invocation.awaitApproval();
        }
        invocations.put(call.invocation(), invocation);
      }
    }
    return invocations;
  }

  private static void append(StreamText text, EventBody.Live part, Consumer<String> violation) {
    switch (part) {
      case EventBody.TextDelta delta -> text.append(delta, violation);
      case EventBody.ReasoningDelta delta -> text.append(delta, violation);
      case EventBody.ToolCallDelta delta -> text.append(delta, violation);
      case EventBody.ToolOutput _, EventBody.Warning _ ->
          violation.accept("session.snapshot has no delta of text in a stream's parts");
    }
  }
}
