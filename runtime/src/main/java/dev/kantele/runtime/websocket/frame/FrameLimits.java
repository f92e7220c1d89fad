package dev.kantele.runtime.websocket.frame;

/**
 * How much of a peer's one decoder takes. What is larger violates 1009; too many fragments, 1008.
 *
 * @param frameBytes bytes of a frame's payload as it was sent
 * @param messageBytes bytes of a message as it was sent, all fragments together
 * @param inflatedBytes bytes of a compressed message when it is inflated; what is more is not
 *     inflated
 * @param fragments frames that make up a message
 */
public record FrameLimits(int frameBytes, int messageBytes, int inflatedBytes, int fragments) {
  /** The largest array that every JVM gives, with room for a header. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  public FrameLimits {
    require("frameBytes", frameBytes, MAX_BYTES);
    require("messageBytes", messageBytes, MAX_BYTES);
    require("inflatedBytes", inflatedBytes, MAX_BYTES);
    require("fragments", fragments, Integer.MAX_VALUE);
  }

  /** So many bytes for a message and whatever is of it, in as many as 65,536 fragments. */
  public static FrameLimits of(int messageBytes) {
    return new FrameLimits(messageBytes, messageBytes, messageBytes, 1 << 16);
  }

  private static void require(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1.." + max + ")");
    }
  }
}
