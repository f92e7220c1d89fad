package dev.kantele.runtime.websocket.frame;

import static java.util.Objects.requireNonNull;

/**
 * What the peer sent breaks the rules or a limit, and the connection must be closed.
 *
 * @param code what the close frame is to say
 * @param reason one plain sentence with the value and the bound
 */
public record Violation(CloseCode code, String reason) {
  public Violation {
    requireNonNull(code, "code");
    requireNonNull(reason, "reason");
  }
}
