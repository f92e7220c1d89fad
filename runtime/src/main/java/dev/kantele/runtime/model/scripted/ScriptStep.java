package dev.kantele.runtime.model.scripted;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.FinishReason;
import dev.kantele.protocol.Usage;
import dev.kantele.protocol.WireNumber;
import java.time.Duration;
import java.util.Optional;

/**
 * One step of a scripted reply. A {@link Say} that follows a {@link Say} continues the same part of
 * the message, whatever pauses are between them; so does a {@link Reason} that follows one without
 * a signature.
 */
public sealed interface ScriptStep {
  /** A step after which a reply has nothing more. */
  sealed interface Ending extends ScriptStep {}

  /** Streams text. */
  record Say(String text, Pacing pacing) implements ScriptStep {
    public Say {
      requireNonNull(text, "text");
      requireNonNull(pacing, "pacing");
    }
  }

  /** Streams reasoning, signed if {@code signature} is there. */
  record Reason(String text, Optional<String> signature, Pacing pacing) implements ScriptStep {
    public Reason {
      requireNonNull(text, "text");
      requireNonNull(pacing, "pacing");
    }
  }

  /** Asks for a tool call. Several in one reply ask for calls in parallel. */
  record Call(String tool, JsonNode arguments, Pacing pacing) implements ScriptStep {
    public Call {
      requireNonNull(tool, "tool");
      if (!arguments.isObject()) {
        throw new IllegalArgumentException(
            "arguments: " + arguments.getNodeType() + " (expected: OBJECT)");
      }
      requireNonNull(pacing, "pacing");
    }
  }

  /** Asks for a tool call with arguments that are no JSON object, as a confused model does. */
  record Malformed(String tool, String arguments, Pacing pacing) implements ScriptStep {
    public Malformed {
      requireNonNull(tool, "tool");
      requireNonNull(arguments, "arguments");
      requireNonNull(pacing, "pacing");
    }
  }

  /**
   * Streams {@code deltas} pieces of text of {@code bytes} bytes each, as fast as they are taken.
   */
  record Flood(int deltas, int bytes) implements ScriptStep {
    static final int MAX_DELTAS = 100_000_000;
    static final int MAX_BYTES = 1_048_576;

    public Flood {
      WireNumber.require("deltas", deltas, 1, MAX_DELTAS);
      WireNumber.require("bytes", bytes, 1, MAX_BYTES);
    }
  }

  /** Waits. */
  record Pause(Duration duration) implements ScriptStep {
    public Pause {
      if (duration.isNegative()) {
        throw new IllegalArgumentException("pause: " + duration + " (expected: 0 or more)");
      }
    }
  }

  /** Sets what the end of the reply reports as used; a reply without it reports nothing used. */
  record Report(Usage usage) implements ScriptStep {
    public Report {
      requireNonNull(usage, "usage");
    }
  }

  /**
   * Ends the reply for this reason. A reply without an ending ends with {@code TOOL_CALLS} if it
   * asks for any, else with {@code END}.
   */
  record Finish(FinishReason reason) implements Ending {
    public Finish {
      requireNonNull(reason, "reason");
    }
  }

  /** Breaks the stream with a failure. */
  record Fail(Failure failure) implements Ending {
    public Fail {
      requireNonNull(failure, "failure");
    }
  }

  /** Ends the source without a finish, as a lost connection does. */
  record Drop() implements Ending {}

  /** Says nothing more and never ends. */
  record Never() implements Ending {}

  /** Streams {@code text} in pieces of eight characters, without pauses. */
  static ScriptStep say(String text) {
    return new Say(text, Pacing.DEFAULT);
  }

  /** Streams {@code text} in pieces of {@code chunk} characters with a pause between two. */
  static ScriptStep say(String text, int chunk, Duration every) {
    return new Say(text, new Pacing(new Pieces.Characters(chunk), every));
  }

  /** Streams reasoning in pieces of eight characters, without pauses. */
  static ScriptStep reason(String text) {
    return new Reason(text, Optional.empty(), Pacing.DEFAULT);
  }

  /** Asks for a tool call. */
  static ScriptStep call(String tool, JsonNode arguments) {
    return new Call(tool, arguments, Pacing.DEFAULT);
  }

  /** Asks for a tool call with this text for arguments. */
  static ScriptStep malformed(String tool, String arguments) {
    return new Malformed(tool, arguments, Pacing.DEFAULT);
  }

  /** Streams so many deltas of so many bytes. */
  static ScriptStep flood(int deltas, int bytes) {
    return new Flood(deltas, bytes);
  }

  /** Waits. */
  static ScriptStep pause(Duration duration) {
    return new Pause(duration);
  }

  /** Reports what was used. */
  static ScriptStep usage(long inputTokens, long outputTokens) {
    return new Report(new Usage(inputTokens, outputTokens, 0));
  }

  /** Ends the reply for this reason. */
  static ScriptStep finish(FinishReason reason) {
    return new Finish(reason);
  }

  /** Breaks the stream. */
  static ScriptStep fail(String code, String message, boolean retryable) {
    return new Fail(new Failure(code, message, retryable));
  }

  /** Ends the source without a finish. */
  static ScriptStep drop() {
    return new Drop();
  }

  /** Says nothing more and never ends. */
  static ScriptStep never() {
    return new Never();
  }
}
