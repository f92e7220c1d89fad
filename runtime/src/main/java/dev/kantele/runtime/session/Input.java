package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.StreamId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.hook.ArgumentChange;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.model.ModelEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happens to a session. Each input of a child or timer names its operation; what is not open
 * any more is dropped.
 */
public sealed interface Input {
  /** A client's command; {@code ticket} is given back with the answer. */
  record Commanded(ClientKey client, Command.OfSession command, long ticket) implements Input {}

  /** A stream said something. */
  record ModelSaid(StreamId stream, List<ModelEvent> events) implements Input {
    public ModelSaid {
      events = List.copyOf(events);
    }
  }

  /** A stream ended. */
  record StreamEnded(StreamId stream, StreamOutcome outcome) implements Input {}

  /** A tool said something. */
  record ToolSaid(
      InvocationId invocation, int attempt, Optional<String> chunk, Optional<Progress> progress)
      implements Input {}

  /** A tool's attempt ended. */
  record ToolEnded(InvocationId invocation, int attempt, ToolOutcome outcome) implements Input {}

  /** The hooks were asked about a call that may start. */
  record ToolChecked(InvocationId invocation, ToolCheck check) implements Input {}

  /**
   * The hooks were asked about what a client or a person has answered: it completed, failed, or a
   * hook broke.
   */
  record ResultChecked(InvocationId invocation, ToolOutcome outcome) implements Input {}

  /** A timer fired. */
  record TimerFired(Timer timer) implements Input {}

  /** The journal was read; the session goes on. Comes first in each of its lives. */
  record Recovered() implements Input {}

  /** How a stream ended. */
  sealed interface StreamOutcome {
    /** By itself; {@code signatures} are the vendor's, by the index of the reasoning part. */
    record Finished(FinishReason reason, Usage usage, Map<Integer, String> signatures)
        implements StreamOutcome {
      public Finished {
        signatures = Map.copyOf(signatures);
      }
    }

    /**
     * It broke, or its actor died; another attempt comes no sooner than {@code retryAfter} where
     * the vendor asks for that. {@code usage} is that of an answer which was whole and refused.
     */
    record Broke(Failure failure, Optional<Duration> retryAfter, Optional<Usage> usage)
        implements StreamOutcome {
      /** It broke, and nobody asks for a pause. */
      public Broke(Failure failure) {
        this(failure, Optional.empty());
      }

      /** It broke before it had finished. */
      public Broke(Failure failure, Optional<Duration> retryAfter) {
        this(failure, retryAfter, Optional.empty());
      }
    }

    /** It was stopped as asked. */
    record Stopped() implements StreamOutcome {}
  }

  /** How a tool's attempt ended. */
  sealed interface ToolOutcome {
    /** With its output. */
    record Completed(JsonNode output) implements ToolOutcome {}

    /** With an error; its effect is as the tool says. */
    record Failed(Failure failure) implements ToolOutcome {}

    /** Not within its time; {@code undone} if it left nothing behind. */
    record TimedOut(boolean undone) implements ToolOutcome {}

    /** It was stopped as asked; {@code undone} if it left nothing behind. */
    record Stopped(boolean undone) implements ToolOutcome {}

    /** Its actor died, and nobody knows how far it came. */
    record Lost() implements ToolOutcome {}

    /** The tool says that the earlier attempt had no effect. */
    record NotDone() implements ToolOutcome {}

    /** It ended, but a hook that was asked about its result broke, for which the turn fails. */
    record HookBroke(Failure failure) implements ToolOutcome {}

    /** The tool can't say what became of the earlier attempt. */
    record Unknown(String reason) implements ToolOutcome {}
  }

  /** What hooks say of a tool call that may start. */
  sealed interface ToolCheck {
    /** It starts, with the arguments of the last change if there is any. */
    record Passed(List<ArgumentChange> changes) implements ToolCheck {
      public Passed {
        changes = List.copyOf(changes);
      }
    }

    /** It must not start. */
    record Denied(String reason) implements ToolCheck {}

    /** A hook broke, for which the turn fails. */
    record Broke(Failure failure) implements ToolCheck {}
  }

  /** What a timer is for. */
  sealed interface Timer {
    /** The turn must have ended. */
    record Deadline(TurnId turn) implements Timer {}

    /** The turn has run for as long as it may. */
    record WallTime(TurnId turn) implements Timer {}

    /** The call waits no longer. */
    record Expiry(InvocationId invocation) implements Timer {}

    /** The client that runs the call must have answered. */
    record ClientLimit(InvocationId invocation) implements Timer {}

    /** The stream that failed is tried again. */
    record Retry(StreamId failed) implements Timer {}
  }
}
