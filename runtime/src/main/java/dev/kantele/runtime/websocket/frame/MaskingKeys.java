package dev.kantele.runtime.websocket.frame;

import java.security.SecureRandom;
import java.util.function.IntSupplier;

/**
 * Masking keys from a source of entropy that nobody outside can guess (RFC 6455, section 5.3),
 * drawn many at a time. Not thread-safe.
 */
public final class MaskingKeys implements IntSupplier {
  private static final int DRAWN_BYTES = 1024;

  private final SecureRandom random;
  private final byte[] drawn = new byte[DRAWN_BYTES];
  private int at = DRAWN_BYTES;

  /** Keys that {@code random} gives. */
  public MaskingKeys(SecureRandom random) {
    this.random = random;
  }

  @Override
  public int getAsInt() {
    if (at == DRAWN_BYTES) {
      random.nextBytes(drawn);
      at = 0;
    }
    int key = Masking.key(drawn, at);
    at += Wire.KEY_BYTES;
    return key;
  }
}
