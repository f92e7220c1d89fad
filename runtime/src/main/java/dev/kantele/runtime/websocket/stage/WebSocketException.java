package dev.kantele.runtime.websocket.stage;

/**
 * Fails a connection's streams: the peer broke a rule or a limit, went without a close frame, did
 * not close in time, or did not become a WebSocket.
 */
public final class WebSocketException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /** A failure; {@code code} is as in {@link CloseStatus}. */
  WebSocketException(int code, String message) {
    super(
        message,
        /* cause= */ null,
        /* enableSuppression= */ false,
        /* writableStackTrace= */ false);
    this.code = code;
  }

  /** What a close frame said, or would have said, as in {@link CloseStatus}. */
  public int code() {
    return code;
  }
}
