package dev.kantele.runtime.model;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import java.time.Duration;
import java.util.Optional;

/**
 * One thing that a model says while it streams. {@code part} is the index of the message's part
 * that it belongs to.
 */
public sealed interface ModelEvent {
  /** A piece of text. */
  record TextDelta(int part, String text) implements ModelEvent {
    public TextDelta {
      requireNonNull(text, "text");
    }
  }

  /** A piece of reasoning. */
  record ReasoningDelta(int part, String text) implements ModelEvent {
    public ReasoningDelta {
      requireNonNull(text, "text");
    }
  }

  /** The vendor's signature of a whole reasoning part. */
  record ReasoningSigned(int part, String signature) implements ModelEvent {
    public ReasoningSigned {
      requireNonNull(signature, "signature");
    }
  }

  /** A tool call begins. */
  record ToolCallStarted(int part, String name) implements ModelEvent {
    public ToolCallStarted {
      requireNonNull(name, "name");
    }
  }

  /** A piece of a tool call's arguments, as JSON text. */
  record ToolCallDelta(int part, String arguments) implements ModelEvent {
    public ToolCallDelta {
      requireNonNull(arguments, "arguments");
    }
  }

  /** The stream ended by itself. */
  record Finished(FinishReason reason, Usage usage) implements ModelEvent {
    public Finished {
      requireNonNull(reason, "reason");
      requireNonNull(usage, "usage");
    }
  }

  /**
   * The stream broke; {@link Failure#retryable()} says whether another call may help, and {@code
   * retryAfter} how long the vendor wants to be left alone before that, where it says so. {@code
   * usage} is what the call cost all the same, where that is known.
   */
  record Failed(Failure failure, Optional<Duration> retryAfter, Optional<Usage> usage)
      implements ModelEvent {
    public Failed {
      requireNonNull(failure, "failure");
      requireNonNull(retryAfter, "retryAfter");
      requireNonNull(usage, "usage");
    }

    /** A failure of which it is not known what it cost. */
    public Failed(Failure failure, Optional<Duration> retryAfter) {
      this(failure, retryAfter, Optional.empty());
    }

    /** A failure after which the vendor asks for no pause. */
    public Failed(Failure failure) {
      this(failure, Optional.empty());
    }
  }
}
