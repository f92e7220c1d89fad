package dev.kantele.testkit.openai;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/** What goes wrong with an answer of {@link FakeOpenAi}. */
public sealed interface HttpFault {
  /** Nothing. */
  record None() implements HttpFault {}

  /** Another status than 200, such as 429 or 500, with OpenAI's error object. */
  record Status(int code, Optional<Duration> retryAfter) implements HttpFault {
    public Status {
      if (code < 400 || code > 599) {
        throw new IllegalArgumentException("code: " + code + " (expected: 400..599)");
      }
      requireNonNull(retryAfter, "retryAfter");
    }
  }

  /** The connection is reset after so many bytes of the answer's body. */
  record DropAfter(int bytes) implements HttpFault {
    public DropAfter {
      if (bytes < 0) {
        throw new IllegalArgumentException("bytes: " + bytes + " (expected: 0 or more)");
      }
    }
  }

  /** The body comes in pieces of so many bytes, with a pause after each. */
  record Slow(int bytes, Duration pause) implements HttpFault {
    public Slow {
      if (bytes < 1) {
        throw new IllegalArgumentException("bytes: " + bytes + " (expected: 1 or more)");
      }
      requireNonNull(pause, "pause");
    }
  }

  /** What comes is no answer to anything. */
  record Garbage() implements HttpFault {}

  /** Nothing comes, not even a status, until the client gives up. */
  record Hang() implements HttpFault {}
}
