package dev.kantele.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** A session as it stands: what a subscriber knows who has received every event so far. */
public record SnapshotState(
    LogId log,
    String agent,
    Optional<JsonNode> metadata,
    boolean closed,
    List<Message> transcript,
    List<QueuedTurn> queue,
    Optional<OpenTurn> turn) {
  public SnapshotState {
    metadata = JsonValues.nullIsAbsent(metadata);
    transcript = List.copyOf(transcript);
    queue = List.copyOf(queue);
  }

  /** A turn that waits. */
  public record QueuedTurn(TurnId turn, List<Part> content, ClientId author) {
    public QueuedTurn {
      content = List.copyOf(content);
    }
  }

  /**
   * The turn that runs: its stream, if one is open, with the content so far, its tool calls that
   * have not ended, what joined it and its model has not seen yet, and what of it waits for
   * somebody.
   */
  public record OpenTurn(
      TurnId turn,
      Optional<OpenStream> stream,
      List<OpenInvocation> invocations,
      List<QueuedTurn> steers,
      List<PendingRequest> pending,
      Usage usage) {
    public OpenTurn {
      invocations = List.copyOf(invocations);
      steers = List.copyOf(steers);
      pending = List.copyOf(pending);
    }
  }

  /** A model stream in progress: {@code parts} holds the deltas so far, merged, one a part. */
  public record OpenStream(StreamId stream, String model, int attempt, List<EventBody.Live> parts) {
    public OpenStream {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A tool call in progress: {@code requested}, {@code awaiting_approval}, {@code awaiting_input}
   * or {@code started}.
   */
  public record OpenInvocation(
      InvocationId invocation,
      String name,
      JsonNode arguments,
      String state,
      Optional<EventBody.Live> output) {}
}
