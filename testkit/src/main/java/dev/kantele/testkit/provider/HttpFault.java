package dev.kantele.testkit.provider;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/** What goes wrong with an answer of {@link FakeProvider}. */
public sealed interface HttpFault {
  /** Nothing. */
  record None() implements HttpFault {}

  /** Another status than 200, such as 429 or 500, with a body that says nothing of use. */
  record Status(int code, Optional<Duration> retryAfter) implements HttpFault {
    public Status {
      if (code < 400 || code > 599) {
        throw new IllegalArgumentException("code: " + code + " (expected: 400..599)");
      }
      requireNonNull(retryAfter, "retryAfter");
    }
  }

  /** The vendor refuses the call, in its own words. */
  record Refusal(VendorError error, String message, Optional<Duration> retryAfter)
      implements HttpFault {
    public Refusal {
      requireNonNull(error, "error");
      requireNonNull(message, "message");
      requireNonNull(retryAfter, "retryAfter");
    }

    /** One that asks for no pause. */
    public Refusal(VendorError error) {
      this(error, "The test says so.", Optional.empty());
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
      requirePositive(bytes);
      requireNonNull(pause, "pause");
    }
  }

  /** The body comes in two pieces, of which the first has so many bytes. */
  record SplitAt(int bytes) implements HttpFault {
    public SplitAt {
      requirePositive(bytes);
    }
  }

  /** The body comes in pieces of so many bytes, all at once. */
  record SplitEvery(int bytes) implements HttpFault {
    public SplitEvery {
      requirePositive(bytes);
    }
  }

  /** Between the events come others that a client has to pass over: {@link Wire#noise}. */
  record Noise() implements HttpFault {}

  /** What comes is no answer to anything. */
  record Garbage() implements HttpFault {}

  /** Nothing comes, not even a status, until the client gives up. */
  record Hang() implements HttpFault {}

  private static void requirePositive(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: 1 or more)");
    }
  }
}
