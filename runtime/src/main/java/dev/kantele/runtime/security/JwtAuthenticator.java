package dev.kantele.runtime.security;

import static java.util.stream.Collectors.toSet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.kantele.protocol.Secret;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Knows clients by tokens that an issuer signed (RFC 7519), with keys that it publishes (RFC 7517).
 * The keys are kept for a while, and read again when a token names one that is not among them.
 * Reading them blocks, so that each token is judged on a virtual thread.
 */
final class JwtAuthenticator implements Authenticator {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration READ_LIMIT = Duration.ofSeconds(5);
  private static final int MAX_KEYS_BYTES = 512 * 1024;
  private static final int MAX_TOKEN_CHARACTERS = 16 * 1024;
  private static final Duration KEEP = Duration.ofMinutes(10);
  private static final Duration REFRESH_LIMIT = Duration.ofSeconds(15);

  /** How long known keys stay good while the issuer can't be reached. */
  private static final Duration OUTAGE = Duration.ofHours(4);

  /* One text for all that may be wrong: who forges tokens learns nothing from it. */
  private static final Authentication WRONG = new Authentication.Refused("The token is not valid.");

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final String principalClaim;
  private final Duration clockSkew;
  private final Executor executor = task -> Thread.ofVirtual().name("kantele-jwt").start(task);

  JwtAuthenticator(JwtSettings settings, Clock clock) {
    this.principalClaim = settings.principalClaim();
    this.clockSkew = settings.clockSkew();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(
            settings.algorithms().stream().map(JWSAlgorithm::parse).collect(toSet()),
            new SeldomRead(keys(settings))));
    var verifier = new Claims(settings, clock);
    verifier.setMaxClockSkew((int) settings.clockSkew().toSeconds());
    processor.setJWTClaimsSetVerifier(verifier);
  }

  private static JWKSource<SecurityContext> keys(JwtSettings settings) {
    var retriever =
        new DefaultResourceRetriever(
            (int) CONNECT_LIMIT.toMillis(), (int) READ_LIMIT.toMillis(), MAX_KEYS_BYTES);
    try {
      return JWKSourceBuilder.create(settings.keys().toURL(), retriever)
          .cache(KEEP.toMillis(), REFRESH_LIMIT.toMillis())
          .refreshAheadCache(false)
          .retrying(true)
          .outageTolerant(OUTAGE.toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("jwks: " + settings.keys() + " (expected: a URL)", e);
    }
  }

  /**
   * Keys that are read again so seldom that nobody can have the issuer asked for each token: until
   * then a key that is not among those that are known is nobody's. Where none was ever read, that
   * is the node's fault and stays a failure.
   */
  private static final class SeldomRead implements JWKSource<SecurityContext> {
    private final JWKSource<SecurityContext> keys;
    private volatile boolean read;

    SeldomRead(JWKSource<SecurityContext> keys) {
      this.keys = keys;
    }

    @Override
    public List<JWK> get(JWKSelector selector, SecurityContext context) throws KeySourceException {
      try {
        List<JWK> found = keys.get(selector, context);
        read = true;
        return found;
      } catch (RateLimitReachedException e) {
        if (read) {
          return List.of();
        }
        throw e;
      }
    }
  }

  /** What a token must say of itself, by the node's clock. */
  private static final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
    private final Clock clock;

    Claims(JwtSettings settings, Clock clock) {
      super(
          settings.audience(),
          new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
          Set.of("exp", settings.principalClaim()));
      this.clock = clock;
    }

    @Override
    protected Date currentTime() {
      return Date.from(clock.instant());
    }
  }

  /** Whether {@code token} is written like a signed one. */
  static boolean isSigned(Secret token) {
    return token.reveal().chars().filter(c -> c == '.').count() == 2;
  }

  @Override
  public CompletionStage<Authentication> authenticate(Optional<Secret> token, InetAddress remote) {
    return token
        .map(given -> CompletableFuture.supplyAsync(() -> judge(given), executor))
        .orElseGet(() -> CompletableFuture.completedFuture(StaticTokens.NONE));
  }

  private Authentication judge(Secret token) {
    if (token.reveal().length() > MAX_TOKEN_CHARACTERS) {
      return WRONG;
    }
    try {
      JWTClaimsSet claims = processor.process(token.reveal(), null);
      String principal = claims.getStringClaim(principalClaim);
      return principal != null && Principals.isName(principal)
          ? new Authentication.Authenticated(
              principal, Optional.of(claims.getExpirationTime().toInstant().plus(clockSkew)))
          : WRONG;
    } catch (BadJOSEException | ParseException _) {
      return WRONG;
    } catch (KeySourceException e) {
      // Not the client's fault: it may come again.
      throw new IllegalStateException("the issuer's keys can't be read", e);
    } catch (JOSEException _) {
      return WRONG;
    }
  }
}
