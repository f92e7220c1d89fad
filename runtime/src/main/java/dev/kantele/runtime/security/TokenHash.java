package dev.kantele.runtime.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a node keeps of a token: its SHA-256 (FIPS 180-4), in lower-case hexadecimal digits. A token
 * is random and long, so that neither salt nor a slow hash is needed to keep it from being guessed.
 */
public record TokenHash(String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int TOKEN_BYTES = 32;
  private static final String TOKEN_PREFIX = "kt_";

  public TokenHash {
    if (!HEX.matcher(requireNonNull(hex, "hex")).matches()) {
      // The text may be a token that somebody forgot to hash.
      throw new IllegalArgumentException(
          "hash: " + hex.length() + " characters (expected: 64 of 0-9a-f)");
    }
  }

  /** The hash of {@code token}. */
  public static TokenHash of(Secret token) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.reveal().getBytes(UTF_8));
      return new TokenHash(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (expected: it is in every JDK)", e);
    }
  }

  /** A new token: {@code kt_} and 256 random bits in base64url (RFC 4648, section 5). */
  public static Secret newToken(SecureRandom random) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return new Secret(TOKEN_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
