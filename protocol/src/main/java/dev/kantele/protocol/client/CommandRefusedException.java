package dev.kantele.protocol.client;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.WireError;

/** The node refused a command: it had no effect. The message is the node's own. */
public final class CommandRefusedException extends ClientException {
  private static final long serialVersionUID = 1;

  private final transient WireError error;
  private final ErrorCode code;

  /** Refused with {@code error}. */
  public CommandRefusedException(WireError error) {
    super(error.message());
    this.error = error;
    this.code = error.code();
  }

  /** Why it was refused. */
  public ErrorCode code() {
    return code;
  }

  /** All that the node said. */
  public WireError error() {
    return error;
  }
}
