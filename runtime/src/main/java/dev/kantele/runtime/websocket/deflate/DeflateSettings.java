package dev.kantele.runtime.websocket.deflate;

/**
 * What this side asks for, or agrees to, when compression is negotiated, and how it compresses.
 *
 * @param level 1 (fast) to 9 (small)
 * @param fromBytes messages that are shorter are sent as they are
 * @param serverContext whether the server's messages may refer to earlier ones, if the client takes
 *     that: better compression, for some 260 KiB outside the heap of the server and 40 KiB of the
 *     client as long as the connection lives
 * @param clientContext the same for the client's messages
 * @param serverWindowBits the server's window is 2 to this power of bytes at the most, 8..15
 * @param clientWindowBits the same for the client's messages
 */
public record DeflateSettings(
    int level,
    int fromBytes,
    boolean serverContext,
    boolean clientContext,
    int serverWindowBits,
    int clientWindowBits) {
  /** Compression that costs little time, and what is agreed on is up to the peer. */
  public static final DeflateSettings DEFAULT =
      new DeflateSettings(
          /* level= */ 1,
          /* fromBytes= */ 64,
          /* serverContext= */ true,
          /* clientContext= */ true,
          DeflateParameters.MAX_WINDOW_BITS,
          DeflateParameters.MAX_WINDOW_BITS);

  public DeflateSettings {
    requireWithin("level", level, 1, 9);
    requireWithin("fromBytes", fromBytes, 0, Integer.MAX_VALUE);
    requireWindow("serverWindowBits", serverWindowBits);
    requireWindow("clientWindowBits", clientWindowBits);
  }

  static void requireWindow(String name, int bits) {
    requireWithin(name, bits, DeflateParameters.MIN_WINDOW_BITS, DeflateParameters.MAX_WINDOW_BITS);
  }

  static void requireWithin(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + ".." + max + ")");
    }
  }
}
