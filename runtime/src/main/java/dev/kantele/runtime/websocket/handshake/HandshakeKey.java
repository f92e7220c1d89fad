package dev.kantele.runtime.websocket.handshake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** The client's key and the server's answer to it (RFC 6455, section 4). */
final class HandshakeKey {
  private static final int KEY_BYTES = 16;

  /** What a server adds to the client's key (RFC 6455, section 1.3). */
  private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** A key for one connection. */
  static String random(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** Whether {@code key} is 16 bytes in base64. */
  static boolean isValid(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES && key.endsWith("==");
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** The value of {@code Sec-WebSocket-Accept}. */
  static String accept(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + SUFFIX).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1: missing (expected: it is in every JDK)", e);
    }
  }

  private HandshakeKey() {}
}
