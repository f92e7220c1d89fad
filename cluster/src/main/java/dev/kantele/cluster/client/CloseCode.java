package dev.kantele.cluster.client;

/**
 * Why a node closed a connection (docs/protocol.md, "Close codes"), and whether coming again may
 * help.
 */
record CloseCode(int code, String reason) {
  /** What RFC 6455, section 7.1.5, calls a connection that ended without a close frame. */
  static final int ABNORMAL = 1006;

  static CloseCode dropped() {
    return new CloseCode(ABNORMAL, "");
  }

  /** Whether a new connection may go on where this one ended. */
  boolean mayReturn() {
    return switch (code) {
      case 1001, ABNORMAL, 1011, 1012, 1013, 4408 -> true;
      default -> false;
    };
  }

  /** What happened, to go after "because". */
  String because() {
    return switch (code) {
      case 1000 -> "the node closed it";
      case 1001 -> "the node is shutting down";
      case 1002, 1003, 1007 -> "the node could not read what this client sent" + quotedReason();
      case ABNORMAL -> "it broke off";
      case 1009 -> "a message was larger than the node takes";
      case 1011, 1012, 1013 -> "the node has a problem" + quotedReason();
      case 4400 -> "the node did not understand this client's greeting" + quotedReason();
      case 4401 -> "the node wants a valid token";
      case 4408 -> "the node heard nothing from this client for too long";
      case 4409 -> "another connection took this client's name";
      default -> "the node closed it with code " + code + quotedReason();
    };
  }

  private String quotedReason() {
    return reason.isBlank() ? "" : " (" + reason + ")";
  }
}
