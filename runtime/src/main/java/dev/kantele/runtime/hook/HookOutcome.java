package dev.kantele.runtime.hook;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Failure;

/** What came of asking all hooks. */
public sealed interface HookOutcome<T> {
  /** None objects; {@code value} has their changes. */
  record Passed<T>(T value) implements HookOutcome<T> {
    public Passed {
      requireNonNull(value, "value");
    }
  }

  /** One objects; {@code again} if another try may do better. */
  record Vetoed<T>(String reason, boolean again) implements HookOutcome<T> {
    public Vetoed {
      requireNonNull(reason, "reason");
    }

    /** The failure of what was vetoed. */
    public Failure failure() {
      return new Failure("vetoed", reason, again);
    }
  }

  /** One broke, for which the turn ends. */
  record Broke<T>(Failure failure) implements HookOutcome<T> {
    public Broke {
      requireNonNull(failure, "failure");
    }
  }
}
