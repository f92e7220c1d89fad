package dev.kantele.protocol.client;

import dev.kantele.protocol.WireError;
import dev.kantele.protocol.client.ConnectionEndedException.Reason;
import java.util.Optional;

/**
 * Why a connection ended (docs/protocol.md, "Close codes"), and whether coming again may help.
 *
 * @param because what happened, to go after "because"
 * @param refusal what the node said if it refused the greeting
 */
record ConnectionEnd(Again again, Reason reason, String because, Optional<WireError> refusal) {
  /** Whether to connect again. */
  enum Again {
    AT_ONCE,
    AFTER_A_PAUSE,
    NEVER
  }

  /** Worth another try. */
  static ConnectionEnd passing(String because) {
    return new ConnectionEnd(Again.AFTER_A_PAUSE, Reason.UNREACHABLE, because, Optional.empty());
  }

  /** Another try would end the same way. */
  static ConnectionEnd lasting(Reason reason, String because) {
    return new ConnectionEnd(Again.NEVER, reason, because, Optional.empty());
  }

  /** It ended without a close frame. */
  static ConnectionEnd dropped() {
    return passing("it broke off");
  }

  /** The node did not welcome the client. */
  static ConnectionEnd refused(WireError error) {
    return new ConnectionEnd(
        error.retryable() ? Again.AFTER_A_PAUSE : Again.NEVER,
        Reason.CLOSED_BY_NODE,
        error.message(),
        Optional.of(error));
  }

  /** The node closed it with {@code code}. */
  static ConnectionEnd closed(int code, String reason) {
    String said = reason.isBlank() ? "" : " (" + reason + ")";
    return switch (code) {
      case 1000 -> byNode("the node closed it");
      case 1001 ->
          new ConnectionEnd(
              Again.AT_ONCE, Reason.CLOSED_BY_NODE, "the node is shutting down", Optional.empty());
      case 1002, 1003, 1007 -> byNode("the node could not read what this client sent" + said);
      /* What RFC 6455, section 7.1.5, calls an end without a close frame or without a code. */
      case 1005, 1006 -> dropped();
      case 1009 -> byNode("a message was larger than the node takes");
      case 1011, 1012, 1013 -> passing("the node has a problem" + said);
      case 4400 -> byNode("the node did not understand this client's greeting" + said);
      /* The settings may have another one by now; if not, the greeting is refused, for good. */
      case 4401 ->
          new ConnectionEnd(
              Again.AT_ONCE,
              Reason.CLOSED_BY_NODE,
              "the node wants a valid token",
              Optional.empty());
      case 4408 -> passing("the node heard nothing from this client for too long");
      case 4409 -> byNode("another connection took this client's name");
      default -> byNode("the node closed it with code " + code + said);
    };
  }

  private static ConnectionEnd byNode(String because) {
    return lasting(Reason.CLOSED_BY_NODE, because);
  }

  /** What those who wait are told. */
  ClientException exception(NodeAddress node) {
    return refusal
        .<ClientException>map(CommandRefusedException::new)
        .orElseGet(
            () ->
                new ConnectionEndedException(
                    reason, "the connection to %s ended because %s".formatted(node, because)));
  }
}
