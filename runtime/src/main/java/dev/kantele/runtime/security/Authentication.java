package dev.kantele.runtime.security;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/** What an {@link Authenticator} found out. */
public sealed interface Authentication {
  /**
   * The client is known.
   *
   * @param principal who it acts for; scopes the names that clients give themselves
   * @param until when the token is good no longer, by which its connections end; empty: never
   */
  record Authenticated(String principal, Optional<Instant> until) implements Authentication {
    /** The client is known, for good. */
    public Authenticated(String principal) {
      this(principal, Optional.empty());
    }

    public Authenticated {
      requireNonNull(until, "until");
      requireNonNull(principal, "principal");
      if (principal.isBlank()) {
        throw new IllegalArgumentException(
            "principal: '" + principal + "' (expected: a name that is not blank)");
      }
    }
  }

  /**
   * The client is not let in.
   *
   * @param message one plain sentence for the client; it must not hold the token
   */
  record Refused(String message) implements Authentication {
    public Refused {
      requireNonNull(message, "message");
    }
  }
}
