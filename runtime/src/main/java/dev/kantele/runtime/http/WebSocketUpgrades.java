package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kantele.runtime.websocket.WebSockets;
import dev.kantele.runtime.websocket.handshake.HeaderField;
import dev.kantele.runtime.websocket.handshake.HeaderFields;
import dev.kantele.runtime.websocket.handshake.ServerHandshake;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * Turns a request into a WebSocket, or says why not (RFC 6455, section 4.2).
 *
 * <p>A request comes on either of two ways. The first of a connection is looked at before
 * pekko-http sees it; if it is plain and may become a WebSocket, it does. Any other is read by
 * pekko-http, whose own WebSockets can neither choose a close code nor show pongs to their handler,
 * nor do they bound a message. So they are left aside: the connection switches to a protocol of
 * bytes, in the way in which pekko-http itself switches to WebSocket and HTTP/2. What is decided is
 * the same on both ways.
 */
final class WebSocketUpgrades {
  private static final String PATH = "/v1/ws";

  /** Fields of which another reader could take another one: it would see another caller. */
  private static final List<String> SINGLE = List.of("Authorization", "Origin", "X-Kantele-Client");

  private final WebSockets webSockets;
  private final OriginPolicy origins;

  WebSocketUpgrades(WebSockets webSockets, OriginPolicy origins) {
    this.webSockets = webSockets;
    this.origins = origins;
  }

  private sealed interface Decision {
    /** The connection becomes a WebSocket. */
    record Switch(ServerHandshake.Accepted handshake) implements Decision {}

    /** It does not, and this is the response. */
    record Refusal(HttpResponse response) implements Decision {}
  }

  private Decision decide(String method, boolean http11, HeaderFields fields) {
    return switch (ServerHandshake.answer(
        method, http11, fields, List.of(WebSockets.SUBPROTOCOL), webSockets.compression())) {
      case ServerHandshake.Refused(var status, var more, var reason) ->
          new Decision.Refusal(
              withFields(
                  JsonResponse.error(
                      StatusCodes.get(status),
                      status == 426 ? "upgrade_required" : "invalid_argument",
                      reason),
                  more));
      case ServerHandshake.Accepted accepted ->
          refusal(accepted, fields)
              .<Decision>map(Decision.Refusal::new)
              .orElseGet(() -> new Decision.Switch(accepted));
    };
  }

  /** Why a proper handshake is refused nevertheless. */
  private Optional<HttpResponse> refusal(ServerHandshake.Accepted accepted, HeaderFields fields) {
    if (!origins.allows(first(fields, "Origin"), first(fields, "Host"))) {
      return Optional.of(
          JsonResponse.error(
              StatusCodes.FORBIDDEN,
              "forbidden",
              "This page's origin may not connect; add it to kantele.http.allowed-origins."));
    }
    if (accepted.subprotocol().isEmpty() && !fields.values("Sec-WebSocket-Protocol").isEmpty()) {
      return Optional.of(
          JsonResponse.error(
              StatusCodes.BAD_REQUEST,
              "version_mismatch",
              "The offered subprotocols are not spoken here; offer "
                  + WebSockets.SUBPROTOCOL
                  + "."));
    }
    if (webSockets.isFull()) {
      return Optional.of(
          JsonResponse.error(
                  StatusCodes.SERVICE_UNAVAILABLE,
                  "unavailable",
                  "This node has as many connections as it takes; try again later.")
              .addHeader(RawHeader.create("Retry-After", "5")));
    }
    return Optional.empty();
  }

  private static Optional<String> first(HeaderFields fields, String name) {
    return fields.values(name).stream().findFirst();
  }

  private Flow<ByteString, ByteString, NotUsed> connection(
      ServerHandshake.Accepted handshake, InetAddress remote) {
    return webSockets.connection(remote, handshake.compression());
  }

  /**
   * The WebSocket that the first request of a connection becomes; empty: it is for pekko-http to
   * answer, also if it is to be refused.
   *
   * @param remote where the connection comes from
   */
  Optional<FirstRequest.Upgraded> upgraded(RequestHead head, InetAddress remote) {
    if (!head.path().equals(PATH) || head.mayHaveBody() || head.repeats(SINGLE)) {
      return Optional.empty();
    }
    return switch (decide(head.method(), /* http11= */ true, head)) {
      case Decision.Refusal _ -> Optional.empty();
      case Decision.Switch(var handshake) ->
          Optional.of(
              new FirstRequest.Upgraded(
                  rendered(101, "Switching Protocols", handshake.fields()),
                  connection(handshake, remote)));
    };
  }

  /** The head of a response. */
  static ByteString rendered(int status, String reason, List<HeaderField> fields) {
    var head = new StringBuilder("HTTP/1.1 %d %s\r\n".formatted(status, reason));
    for (HeaderField field : fields) {
      head.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return ByteString.fromArray(head.append("\r\n").toString().getBytes(US_ASCII));
  }

  /** The response to a request for {@code /v1/ws}. */
  HttpResponse respond(HttpRequest request) {
    return switch (decide(
        request.method().name(),
        request.protocol().equals(HttpProtocols.HTTP_1_1),
        name -> values(request, name))) {
      case Decision.Refusal(var response) -> response;
      case Decision.Switch(var handshake) ->
          withFields(
                  HttpResponse.create().withStatus(StatusCodes.SWITCHING_PROTOCOLS),
                  handshake.fields())
              .addHeader(
                  new UpgradeToOtherProtocolResponseHeader(
                      connection(handshake, Caller.remote(request))
                          .<Object>mapMaterializedValue(none -> none)
                          .asScala()));
    };
  }

  private static List<String> values(HttpRequest request, String name) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(field -> field.is(name.toLowerCase(Locale.ROOT)))
        .map(HttpHeader::value)
        .toList();
  }

  private static HttpResponse withFields(HttpResponse response, List<HeaderField> fields) {
    HttpResponse with = response;
    for (HeaderField field : fields) {
      // The response to an upgrade is the one place where pekko-http lets through a raw one.
      with =
          with.addHeader(
              field.name().equals("Connection")
                  ? Connection.create(field.value())
                  : RawHeader.create(field.name(), field.value()));
    }
    return with;
  }
}
