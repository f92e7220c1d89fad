package dev.kantele.protocol;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What happened in a session: the part of an {@link Event} that is the same for every subscriber.
 */
public sealed interface EventBody {
  /** Persisted before anyone sees it. */
  sealed interface Durable extends EventBody {}

  /**
   * Sent at once, rebuilt from the running operation's state while it runs, gone when its terminal
   * event says all.
   */
  sealed interface Live extends EventBody {}

  /** Made for one subscriber, never stored. */
  sealed interface Synthetic extends EventBody {}

  /** The last event of a session, turn, stream or tool call. */
  sealed interface Terminal extends Durable {}

  /** An event of a turn. */
  sealed interface OfTurn extends EventBody {
    /** The turn. */
    TurnId turn();
  }

  /** An event of a model stream. */
  sealed interface OfStream extends OfTurn {
    /** The stream. */
    StreamId stream();
  }

  /** An event of a tool call. */
  sealed interface OfInvocation extends OfTurn {
    /** The tool call. */
    InvocationId invocation();
  }

  /** The session's first event. */
  @WireName("session.opened")
  record SessionOpened(LogId log, String agent, Optional<JsonNode> metadata, String owner)
      implements Durable {
    public SessionOpened {
      metadata = JsonValues.nullIsAbsent(metadata);
    }
  }

  /** After a crash with an operation open; covers the numbers of the live events that were lost. */
  @WireName("session.recovered")
  record SessionRecovered() implements Durable {}

  /**
   * The state now, in place of events that are kept no longer; page {@code page} (from 1) of {@code
   * pages}.
   */
  @WireName("session.snapshot")
  record SessionSnapshot(int page, int pages, SnapshotState state) implements Synthetic {
    public SessionSnapshot {
      WireNumber.require("pages", pages, 1);
      WireNumber.require("page", page, 1, pages);
      requireNonNull(state, "state");
    }
  }

  /** The server ended this subscription. */
  @WireName("session.detached")
  record SessionDetached(String code, String message) implements Synthetic {}

  /** The session's last event. */
  @WireName("session.closed")
  record SessionClosed(Optional<String> reason) implements Terminal {}

  /** A prompt was accepted. */
  @WireName("turn.queued")
  record TurnQueued(
      TurnId turn,
      List<Part> content,
      PromptPolicy policy,
      ClientId author,
      Optional<JsonNode> metadata)
      implements Durable, OfTurn {
    public TurnQueued {
      metadata = JsonValues.nullIsAbsent(metadata);
      content = List.copyOf(content);
    }
  }

  /** A turn began to run. */
  @WireName("turn.started")
  record TurnStarted(TurnId turn) implements Durable, OfTurn {}

  /** A prompt joined the running turn; the model sees it at its next call. */
  @WireName("turn.steered")
  record TurnSteered(TurnId turn, List<Part> content, ClientId author, Optional<JsonNode> metadata)
      implements Durable, OfTurn {
    public TurnSteered {
      metadata = JsonValues.nullIsAbsent(metadata);
      content = List.copyOf(content);
    }
  }

  /**
   * The model's answer is not what the prompt's {@code output_schema} asks for, and the model is
   * called again; {@code message} is what it is told.
   */
  @WireName("turn.output_rejected")
  record TurnOutputRejected(TurnId turn, String message) implements Durable, OfTurn {}

  /** A turn ended as it should. */
  @WireName("turn.completed")
  record TurnCompleted(
      TurnId turn,
      StopReason stopReason,
      Optional<String> limit,
      Usage usage,
      Optional<JsonNode> output)
      implements Terminal, OfTurn {
    public TurnCompleted {
      output = JsonValues.nullIsAbsent(output);
    }
  }

  /** A turn could not go on. */
  @WireName("turn.failed")
  record TurnFailed(TurnId turn, Failure error, Usage usage) implements Terminal, OfTurn {}

  /** A turn was cancelled; {@code abandoned} names the calls that did not end by the deadline. */
  @WireName("turn.cancelled")
  record TurnCancelled(
      TurnId turn, Optional<String> reason, List<InvocationId> abandoned, boolean rolledBack)
      implements Terminal, OfTurn {
    public TurnCancelled {
      abandoned = List.copyOf(abandoned);
    }
  }

  /** A model is being called. */
  @WireName("stream.started")
  record StreamStarted(
      TurnId turn, StreamId stream, String model, int attempt, Optional<StreamId> supersedes)
      implements Durable, OfStream {}

  /** Text of part {@code part} of the message. */
  @WireName("text.delta")
  record TextDelta(TurnId turn, StreamId stream, int part, String text) implements Live, OfStream {}

  /** Reasoning of part {@code part} of the message. */
  @WireName("reasoning.delta")
  record ReasoningDelta(TurnId turn, StreamId stream, int part, String text)
      implements Live, OfStream {}

  /** A piece of a tool call's arguments, as JSON text; {@code name} with the part's first piece. */
  @WireName("tool_call.delta")
  record ToolCallDelta(
      TurnId turn,
      StreamId stream,
      int part,
      InvocationId invocation,
      Optional<String> name,
      String arguments)
      implements Live, OfStream, OfInvocation {}

  /** A model stream ended by itself; {@code message} is all of it. */
  @WireName("stream.completed")
  record StreamCompleted(
      TurnId turn, StreamId stream, Message message, Usage usage, FinishReason finishReason)
      implements Terminal, OfStream {}

  /**
   * A model stream broke. Where the model is called again after a pause, {@code retryAt} says when;
   * {@code usage} is there if the model had finished and its answer was refused.
   */
  @WireName("stream.failed")
  record StreamFailed(
      TurnId turn,
      StreamId stream,
      Failure error,
      boolean willRetry,
      Optional<Instant> retryAt,
      Optional<Usage> usage,
      Message message)
      implements Terminal, OfStream {
    public StreamFailed {
      retryAt = retryAt.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
    }
  }

  /** A model stream was stopped. */
  @WireName("stream.cancelled")
  record StreamCancelled(TurnId turn, StreamId stream, Message message)
      implements Terminal, OfStream {}

  /** The model asked for a tool; text that is no JSON object is in {@code invalid_arguments}. */
  @WireName("tool.requested")
  record ToolRequested(
      TurnId turn,
      InvocationId invocation,
      String name,
      Optional<JsonNode> arguments,
      Optional<String> invalidArguments,
      int index,
      ToolExecutor executor)
      implements Durable, OfInvocation {
    public ToolRequested {
      arguments = JsonValues.nullIsAbsent(arguments);
    }
  }

  /** A human must decide before the tool runs. */
  @WireName("tool.approval_required")
  record ToolApprovalRequired(TurnId turn, InvocationId invocation, Optional<Instant> expiresAt)
      implements Durable, OfInvocation {
    public ToolApprovalRequired {
      expiresAt = expiresAt.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
    }
  }

  /** A human allowed the call, perhaps with other arguments. */
  @WireName("tool.approved")
  record ToolApproved(TurnId turn, InvocationId invocation, Optional<JsonNode> arguments, String by)
      implements Durable, OfInvocation {
    public ToolApproved {
      arguments = JsonValues.nullIsAbsent(arguments);
    }
  }

  /** A tool is about to run; a new attempt discards the output of the one before. */
  @WireName("tool.started")
  record ToolStarted(TurnId turn, InvocationId invocation, EffectId effectId, int attempt)
      implements Durable, OfInvocation {}

  /** A piece of a running tool's output, or its progress; a merged event may hold both. */
  @WireName("tool.output")
  record ToolOutput(
      TurnId turn, InvocationId invocation, Optional<String> chunk, Optional<Progress> progress)
      implements Live, OfInvocation {}

  /** A tool call ended with its output. */
  @WireName("tool.completed")
  record ToolCompleted(TurnId turn, InvocationId invocation, JsonNode output)
      implements Terminal, OfInvocation {}

  /** A tool call ended with an error. */
  @WireName("tool.failed")
  record ToolFailed(TurnId turn, InvocationId invocation, Failure error)
      implements Terminal, OfInvocation {}

  /** A tool call was not allowed. */
  @WireName("tool.denied")
  record ToolDenied(TurnId turn, InvocationId invocation, Optional<String> reason)
      implements Terminal, OfInvocation {}

  /** A tool call was stopped, without effect or with an effect that may be left. */
  @WireName("tool.cancelled")
  record ToolCancelled(TurnId turn, InvocationId invocation, Optional<String> reason)
      implements Terminal, OfInvocation {}

  /** A tool call did not end within its time limit. */
  @WireName("tool.timed_out")
  record ToolTimedOut(TurnId turn, InvocationId invocation, Failure error)
      implements Terminal, OfInvocation {}

  /** Nobody knows whether the tool's effect took place. */
  @WireName("tool.unknown")
  record ToolUnknown(TurnId turn, InvocationId invocation, String reason)
      implements Terminal, OfInvocation {}

  /**
   * A human's input is needed; the tool call {@code asker} waits for it until {@code expiresAt},
   * and the answer must fit {@code schema}.
   */
  @WireName("input.requested")
  record InputRequested(
      TurnId turn,
      RequestId request,
      Optional<InvocationId> asker,
      String prompt,
      Optional<JsonNode> schema,
      Optional<Instant> expiresAt)
      implements Durable, OfTurn {
    public InputRequested {
      schema = JsonValues.nullIsAbsent(schema);
      expiresAt = expiresAt.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
    }
  }

  /** A human answered. */
  @WireName("input.answered")
  record InputAnswered(TurnId turn, RequestId request, Optional<JsonNode> content, String by)
      implements Durable, OfTurn {
    public InputAnswered {
      content = JsonValues.nullIsAbsent(content);
    }
  }

  /**
   * Deltas that a slow subscriber missed, merged: at most one per open stream part or tool call.
   */
  @WireName("catchup")
  record Catchup(List<Live> events) implements Synthetic {
    public Catchup {
      events = List.copyOf(events);
    }
  }

  /** Something worth knowing that changes nothing. */
  @WireName("warning")
  record Warning(Optional<TurnId> turn, String code, String message) implements Live {}

  /** An event of a newer version: to be ignored, but its number counts. */
  record Unknown(String type, JsonNode fields) implements EventBody {}
}
