package dev.kantele.runtime.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What became of asking a provider whether its models can be called; it holds no secret. */
public sealed interface ModelCheck {
  /** There is nobody to ask: the models are in this process, or only a call would tell. */
  record NotAsked() implements ModelCheck {}

  /**
   * The server answers, and takes the key.
   *
   * @param models those that it says it has; absent if it does not say
   * @param serverTime the time of the server's clock when it answered; absent if it does not say
   */
  record Reached(Optional<Set<String>> models, Optional<Instant> serverTime) implements ModelCheck {
    public Reached {
      models = models.map(Set::copyOf);
      requireNonNull(serverTime, "serverTime");
    }
  }

  /** No call can succeed now; {@code message} is one plain sentence that says what to mend. */
  record Failed(String message, Optional<Instant> serverTime) implements ModelCheck {
    public Failed {
      requireNonNull(message, "message");
      requireNonNull(serverTime, "serverTime");
    }
  }
}
