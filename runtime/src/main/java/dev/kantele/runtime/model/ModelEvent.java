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
   * retryAfter} how long the vendor wants to be left alone before that, where it says so.
   */
  record Failed(Failure failure, Optional<Duration> retryAfter) implements ModelEvent {
    public Failed {
      requireNonNull(failure, "failure");
      requireNonNull(retryAfter, "retryAfter");
    }

    /** A failure after which the vendor asks for no pause. */
    public Failed(Failure failure) {
      this(failure, Optional.empty());
    }
  }
}
