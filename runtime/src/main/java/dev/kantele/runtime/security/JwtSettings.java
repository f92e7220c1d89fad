package dev.kantele.runtime.security;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.settings.SettingsReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The settings {@code kantele.security.jwt}: whose signed tokens (RFC 7519) are known.
 *
 * @param keys where the issuer publishes its keys (RFC 7517, section 5)
 * @param issuer what the claim {@code iss} must be
 * @param audience what the claim {@code aud} must be or hold
 * @param principalClaim the claim that names the principal
 * @param algorithms how tokens may be signed (RFC 7518, section 3.1); never by a shared secret
 * @param clockSkew how far the clocks of issuer and node may be apart
 */
public record JwtSettings(
    URI keys,
    String issuer,
    String audience,
    String principalClaim,
    List<String> algorithms,
    Duration clockSkew) {
  private static final Set<String> KNOWN_ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  public JwtSettings {
    requireNonNull(keys, "keys");
    requireNonNull(issuer, "issuer");
    requireNonNull(audience, "audience");
    requireNonNull(principalClaim, "principalClaim");
    algorithms = List.copyOf(algorithms);
    requireNonNull(clockSkew, "clockSkew");
  }

  /** Reads the block; empty if it names no keys. */
  static Optional<JwtSettings> from(SettingsReader reader) {
    reader.requireKnown(
        "jwks", "issuer", "audience", "principal-claim", "algorithms", "clock-skew");
    if (reader.optionalString("jwks").isEmpty()) {
      return Optional.empty();
    }
    List<String> algorithms = reader.strings("algorithms");
    for (int i = 0; i < algorithms.size(); i++) {
      if (!KNOWN_ALGORITHMS.contains(algorithms.get(i))) {
        throw reader.invalidElement("algorithms", i, "one of RS, PS or ES with 256, 384 or 512");
      }
    }
    if (algorithms.isEmpty()) {
      throw reader.invalid("algorithms", "at least one, such as RS256");
    }
    return Optional.of(
        new JwtSettings(
            keys(reader),
            reader.string("issuer"),
            reader.string("audience"),
            reader.string("principal-claim"),
            algorithms,
            reader.duration("clock-skew", Duration.ZERO)));
  }

  /* Who can change the keys on their way can sign tokens. */
  private static URI keys(SettingsReader reader) {
    String expected = "an address that begins with https://, or http:// on this machine";
    try {
      URI uri = URI.create(reader.string("jwks"));
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      String host = String.valueOf(uri.getHost());
      boolean local = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
      if (uri.getHost() != null && (scheme.equals("https") || (scheme.equals("http") && local))) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw reader.invalid("jwks", expected);
  }
}
