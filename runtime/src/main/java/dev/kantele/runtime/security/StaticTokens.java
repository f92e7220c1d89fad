package dev.kantele.runtime.security;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Knows clients by tokens of which it keeps the hashes. A principal may have several, so that one
 * can be replaced while the other is still in use. Immutable.
 */
public final class StaticTokens implements Authenticator {
  static final Authentication NONE =
      new Authentication.Refused("This node wants a token; send it in hello or as a bearer token.");
  private static final Authentication WRONG = new Authentication.Refused("The token is not valid.");

  /** Whose token has the hash. */
  public record Entry(String principal, TokenHash hash) {
    public Entry {
      Principals.require(principal);
      requireNonNull(hash, "hash");
    }
  }

  private final Map<TokenHash, String> principals;

  private StaticTokens(Map<TokenHash, String> principals) {
    this.principals = Map.copyOf(principals);
  }

  /**
   * Knows the tokens of {@code entries}.
   *
   * @throws IllegalArgumentException if two principals have the same token
   */
  public static StaticTokens of(List<Entry> entries) {
    var principals = new HashMap<TokenHash, String>();
    for (Entry entry : entries) {
      String other = principals.put(entry.hash(), entry.principal());
      if (other != null && !other.equals(entry.principal())) {
        throw new IllegalArgumentException(
            "token: one of %s is also one of %s (expected: each has its own)"
                .formatted(entry.principal(), other));
      }
    }
    return new StaticTokens(principals);
  }

  @Override
  public CompletionStage<Authentication> authenticate(Optional<Secret> token, InetAddress remote) {
    return CompletableFuture.completedStage(token.map(this::judge).orElse(NONE));
  }

  /** Asks {@code signed} where a token is not known but written like a signed one. */
  Authenticator or(Authenticator signed) {
    return (token, remote) ->
        token.filter(given -> !principals.containsKey(TokenHash.of(given))).isPresent()
                && JwtAuthenticator.isSigned(token.get())
            ? signed.authenticate(token, remote)
            : authenticate(token, remote);
  }

  private Authentication judge(Secret token) {
    String principal = principals.get(TokenHash.of(token));
    return principal == null ? WRONG : new Authentication.Authenticated(principal);
  }
}
