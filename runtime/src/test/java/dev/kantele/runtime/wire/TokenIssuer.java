package dev.kantele.runtime.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Signs tokens, and publishes its keys on a port of this machine. */
final class TokenIssuer implements AutoCloseable {
  static final String NAME = "https://id.example.com/";
  static final String AUDIENCE = "kantele";

  final RSAKey key = newKey("k1");
  private volatile List<RSAKey> published = List.of(key);
  private final HttpServer server;

  TokenIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/keys",
        exchange -> {
          byte[] keys =
              new JWKSet(List.copyOf(published)).toPublicJWKSet().toString().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
  }

  static RSAKey newKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** The settings of a node that trusts it. */
  String settings() {
    return """
        kantele.security.jwt {
          jwks = "http://localhost:%d/keys", issuer = "%s", audience = "%s", clock-skew = 0s
        }
        """
        .formatted(server.getAddress().getPort(), NAME, AUDIENCE);
  }

  /** Signs by a new key from now on. */
  RSAKey rotate(String id) {
    RSAKey next = newKey(id);
    published = List.of(next);
    return next;
  }

  /** What a good token of {@code principal} says, up to {@code until}. */
  static JWTClaimsSet.Builder claims(String principal, Instant until) {
    return new JWTClaimsSet.Builder()
        .issuer(NAME)
        .audience(AUDIENCE)
        .subject(principal)
        .expirationTime(Date.from(until));
  }

  static String signed(JWTClaimsSet claims, RSAKey by) {
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(), claims);
      token.sign(new RSASSASigner(by));
      return token.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  String signed(String principal, Instant until) {
    return signed(claims(principal, until).build(), key);
  }

  /** Signed by what everybody knows, as if that were a shared secret. */
  String signedByThePublicKey(JWTClaimsSet claims) {
    try {
      var token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims);
      token.sign(new MACSigner(key.toPublicJWK().toRSAPublicKey().getEncoded()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static String unsigned(JWTClaimsSet claims) {
    return new PlainJWT(claims).serialize();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
