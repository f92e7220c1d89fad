package dev.kantele.runtime.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class JwtAuthenticatorTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Authentication REFUSED =
      new Authentication.Refused("The token is not valid.");

  private static RSAKey key;
  private static RSAKey stranger;
  private static HttpServer issuer;
  private static volatile List<RSAKey> published = List.of();
  private static final AtomicInteger READS = new AtomicInteger();

  private Authenticator authenticator;

  @BeforeAll
  static void start() throws JOSEException, IOException {
    key = new RSAKeyGenerator(2048).keyID("k1").generate();
    stranger = new RSAKeyGenerator(2048).keyID("k1").generate();
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/keys",
        exchange -> {
          READS.incrementAndGet();
          byte[] keys =
              new JWKSet(List.copyOf(published)).toPublicJWKSet().toString().getBytes(UTF_8);
          exchange.sendResponseHeaders(published.isEmpty() ? 503 : 200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    issuer.start();
  }

  @AfterAll
  static void stop() {
    issuer.stop(0);
  }

  @BeforeEach
  void begin() {
    published = List.of(key);
    READS.set(0);
    authenticator = new JwtAuthenticator(settings(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static JwtSettings settings() {
    return new JwtSettings(
        URI.create("http://localhost:" + issuer.getAddress().getPort() + "/keys"),
        "https://id.example.com/",
        "kantele",
        "sub",
        List.of("RS256"),
        Duration.ofSeconds(30));
  }

  private static JWTClaimsSet.Builder good() {
    return new JWTClaimsSet.Builder()
        .issuer("https://id.example.com/")
        .audience("kantele")
        .subject("ann@example.com")
        .expirationTime(Date.from(NOW.plusSeconds(60)));
  }

  private static Secret signed(JWTClaimsSet claims, RSAKey by) throws JOSEException {
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(), claims);
    token.sign(new RSASSASigner(by));
    return new Secret(token.serialize());
  }

  private Authentication judge(Secret token) {
    return authenticator
        .authenticate(Optional.of(token), InetAddress.getLoopbackAddress())
        .toCompletableFuture()
        .join();
  }

  @Test
  void a_token_of_the_issuer_names_the_principal_and_is_good_until_it_expires()
      throws JOSEException {
    Secret token = signed(good().build(), key);
    var ann =
        new Authentication.Authenticated("ann@example.com", Optional.of(NOW.plusSeconds(60 + 30)));

    assertThat(judge(token)).isEqualTo(ann);
    assertThat(judge(token)).isEqualTo(ann);
    assertThat(READS).hasValue(1);
  }

  private void assertRefused(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
    assertThat(judge(signed(change.apply(good()).build(), key))).isEqualTo(REFUSED);
  }

  @Test
  void what_a_token_says_of_itself_must_be_so() throws JOSEException {
    assertRefused(claims -> claims.issuer("https://evil.example.com/"));
    assertRefused(claims -> claims.audience("another"));
    assertRefused(claims -> claims.audience((String) null));
    assertRefused(claims -> claims.expirationTime(null));
    assertRefused(claims -> claims.expirationTime(Date.from(NOW.minusSeconds(31))));
    assertRefused(claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(31))));
    assertRefused(claims -> claims.subject(null));
    assertRefused(claims -> claims.subject("a\nb"));
    assertRefused(claims -> claims.subject(""));
  }

  @Test
  void clocks_may_be_apart_a_little() throws JOSEException {
    JWTClaimsSet late = good().expirationTime(Date.from(NOW.minusSeconds(29))).build();

    assertThat(judge(signed(late, key))).isInstanceOf(Authentication.Authenticated.class);
  }

  @Test
  void only_the_issuer_signs() throws Exception {
    assertThat(judge(signed(good().build(), stranger))).isEqualTo(REFUSED);
    assertThat(judge(new Secret(new PlainJWT(good().build()).serialize()))).isEqualTo(REFUSED);
    String token = signed(good().build(), key).reveal();
    assertThat(judge(new Secret(token.substring(0, token.length() - 4) + "AAAA")))
        .isEqualTo(REFUSED);
    assertThat(judge(new Secret("a.b.c"))).isEqualTo(REFUSED);
    assertThat(judge(new Secret("x".repeat(1_000_000)))).isEqualTo(REFUSED);
  }

  @Test
  void the_published_key_is_no_shared_secret() throws Exception {
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), good().build());
    token.sign(new MACSigner(key.toPublicJWK().toRSAPublicKey().getEncoded()));

    assertThat(judge(new Secret(token.serialize()))).isEqualTo(REFUSED);
  }

  @Test
  void a_new_key_of_the_issuer_is_found() throws JOSEException {
    assertThat(judge(signed(good().build(), key))).isNotEqualTo(REFUSED);
    RSAKey next = new RSAKeyGenerator(2048).keyID("k2").generate();
    published = List.of(key, next);

    assertThat(judge(signed(good().build(), next))).isNotEqualTo(REFUSED);
    assertThat(READS).hasValue(2);
  }

  @Test
  void keys_that_nobody_knows_are_refused_however_many_and_ask_the_issuer_seldom()
      throws JOSEException {
    for (int i = 0; i < 10; i++) {
      var unknown = new RSAKey.Builder(stranger).keyID("unknown-" + i).build();

      assertThat(judge(signed(good().build(), unknown))).isEqualTo(REFUSED);
    }
    assertThat(READS).hasValueLessThanOrEqualTo(3);
    assertThat(judge(signed(good().build(), key))).isNotEqualTo(REFUSED);
  }

  @Test
  void that_the_keys_can_not_be_read_is_not_the_clients_fault() throws JOSEException {
    published = List.of();
    Secret token = signed(good().build(), key);

    assertThatThrownBy(() -> judge(token))
        .isInstanceOf(CompletionException.class)
        .hasMessageNotContaining(token.reveal());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jwks = \"http://id.example.com/keys\" | kantele.security.jwt.jwks",
        "jwks = \"keys.json\"                  | kantele.security.jwt.jwks",
        "issuer = null                         | kantele.security.jwt.issuer",
        "audience = null                       | kantele.security.jwt.audience",
        "algorithms = [HS256]                  | kantele.security.jwt.algorithms[0]",
        "algorithms = [none]                   | kantele.security.jwt.algorithms[0]",
        "algorithms = []                       | kantele.security.jwt.algorithms",
        "keys = x                              | kantele.security.jwt.keys"
      })
  void settings_that_can_not_be_are_refused(String change, String path) {
    var config =
        ConfigFactory.parseString("kantele.security.jwt { " + change + " }")
            .withFallback(
                ConfigFactory.parseString(
                    """
                    kantele.security.jwt {
                      jwks = "https://id.example.com/keys", issuer = "i", audience = "a"
                    }
                    """))
            .withFallback(ConfigFactory.defaultReference());

    assertThatThrownBy(() -> SecuritySettings.from(config.getConfig("kantele")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(path);
  }
}
