package dev.kantele.runtime.websocket.deflate;

/**
 * What two sides agreed on (RFC 7692, section 7.1).
 *
 * @param serverContext whether the server's messages may refer to those before them
 * @param clientContext whether the client's may
 * @param serverWindowBits the server's references go back 2 to this power of bytes at the most
 * @param clientWindowBits the client's
 */
public record DeflateParameters(
    boolean serverContext, boolean clientContext, int serverWindowBits, int clientWindowBits) {
  /** The bounds of the window (RFC 7692, section 7.1.2). */
  public static final int MIN_WINDOW_BITS = 8;

  public static final int MAX_WINDOW_BITS = 15;

  public DeflateParameters {
    DeflateSettings.requireWindow("serverWindowBits", serverWindowBits);
    DeflateSettings.requireWindow("clientWindowBits", clientWindowBits);
  }

  /** Inflates what the server sends. */
  public Inflation ofServer() {
    return new Inflation(serverContext);
  }

  /** Inflates what the client sends. */
  public Inflation ofClient() {
    return new Inflation(clientContext);
  }

  /** Deflates what the server sends. */
  public Deflation byServer(int level) {
    return new Deflation(level, serverContext, serverWindowBits);
  }

  /** Deflates what the client sends. */
  public Deflation byClient(int level) {
    return new Deflation(level, clientContext, clientWindowBits);
  }
}
