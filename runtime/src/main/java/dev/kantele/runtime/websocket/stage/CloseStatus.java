package dev.kantele.runtime.websocket.stage;

import static java.util.Objects.requireNonNull;

/**
 * How a connection ended.
 *
 * @param code of the close frame that came first; {@link #NO_CODE} if it had none, {@link #LOST} if
 *     there was no close frame
 * @param reason the text in it, or why there was none
 * @param byPeer whether the peer was the one to close, or to go
 */
public record CloseStatus(int code, String reason, boolean byPeer) {
  /** The peer closed without saying why (RFC 6455, section 7.1.5). */
  public static final int NO_CODE = 1005;

  /** The connection ended without a close frame. */
  public static final int LOST = 1006;

  public CloseStatus {
    requireNonNull(reason, "reason");
  }
}
