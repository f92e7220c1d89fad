package dev.kantele.runtime.security;

import static java.util.Objects.requireNonNull;

/** What an {@link Authenticator} found out. */
public sealed interface Authentication {
  /**
   * The client is known.
   *
   * @param principal who it acts for; scopes the names that clients give themselves
   */
  record Authenticated(String principal) implements Authentication {
    public Authenticated {
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
