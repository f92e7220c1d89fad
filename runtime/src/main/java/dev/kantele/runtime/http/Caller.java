package dev.kantele.runtime.http;

import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Secret;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.security.Authentication;
import dev.kantele.runtime.security.Authenticator;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;

/** Who makes a request: the bearer of a token (RFC 6750, section 2.1), under a client's name. */
sealed interface Caller {
  /** The name of a client that gives itself none. */
  ClientId UNNAMED = new ClientId("http");

  /** Somebody who may ask; what goes on ends at {@code until}, if that is set. */
  record Known(ClientKey client, Optional<Instant> until) implements Caller {}

  /** Somebody who may not, or who is not to be understood. */
  record Refused(WireError error) implements Caller {}

  /** Finds out who makes {@code request}; the stage fails if the authenticator does. */
  static CompletionStage<Caller> of(HttpRequest request, Authenticator authenticator) {
    ClientId name;
    Optional<Secret> token;
    try {
      name = header(request, "X-Kantele-Client").map(ClientId::new).orElse(UNNAMED);
    } catch (IllegalArgumentException e) {
      return refused(
          ErrorCode.INVALID_ARGUMENT,
          "Header X-Kantele-Client is no client's name: " + e.getMessage());
    }
    Optional<String> authorization = header(request, "Authorization");
    token = authorization.flatMap(Caller::bearer);
    if (authorization.isPresent() && token.isEmpty()) {
      return refused(
          ErrorCode.UNAUTHENTICATED, "Header Authorization must be 'Bearer' and a token.");
    }
    return authenticator
        .authenticate(token, remote(request))
        .thenApply(
            outcome ->
                switch (outcome) {
                  case Authentication.Authenticated(var principal, var until) ->
                      new Known(new ClientKey(principal, name), until);
                  case Authentication.Refused(var message) ->
                      new Refused(WireError.of(ErrorCode.UNAUTHENTICATED, message));
                });
  }

  /** Where {@code request} comes from. */
  static InetAddress remote(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(RemoteAddress::getAddress)
        .orElseThrow(() -> new IllegalStateException("remote address: none (expected: one)"));
  }

  /** The value of a header. */
  static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  private static CompletionStage<Caller> refused(ErrorCode code, String message) {
    return CompletableFuture.completedStage(new Refused(WireError.of(code, message)));
  }

  private static Optional<Secret> bearer(String authorization) {
    int space = authorization.indexOf(' ');
    return space > 0
            && authorization.substring(0, space).toLowerCase(Locale.ROOT).equals("bearer")
            && !authorization.substring(space).isBlank()
        ? Optional.of(new Secret(authorization.substring(space).strip()))
        : Optional.empty();
  }
}
