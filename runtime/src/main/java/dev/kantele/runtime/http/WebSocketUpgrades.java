package dev.kantele.runtime.http;

import dev.kantele.runtime.websocket.WebSockets;
import dev.kantele.runtime.websocket.handshake.HeaderField;
import dev.kantele.runtime.websocket.handshake.ServerHandshake;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Turns a request into a WebSocket, or says why not (RFC 6455, section 4.2).
 *
 * <p>pekko-http reads the request, but its own WebSockets can neither choose a close code nor show
 * pongs to their handler, nor do they bound a message. So they are left aside: the connection
 * switches to a protocol of bytes, in the way in which pekko-http itself switches to WebSocket and
 * HTTP/2.
 */
final class WebSocketUpgrades {
  private final WebSockets webSockets;
  private final OriginPolicy origins;

  WebSocketUpgrades(WebSockets webSockets, OriginPolicy origins) {
    this.webSockets = webSockets;
    this.origins = origins;
  }

  /** The response to a request for {@code /v1/ws}. */
  HttpResponse respond(HttpRequest request) {
    return switch (handshake(request)) {
      case ServerHandshake.Refused(var status, var fields, var reason) ->
          withFields(
              JsonResponse.error(
                  StatusCodes.get(status),
                  status == 426 ? "upgrade_required" : "invalid_argument",
                  reason),
              fields);
      case ServerHandshake.Accepted accepted -> accept(request, accepted);
    };
  }

  private ServerHandshake handshake(HttpRequest request) {
    return ServerHandshake.answer(
        request.method().name(),
        request.protocol().equals(HttpProtocols.HTTP_1_1),
        name -> values(request, name),
        List.of(WebSockets.SUBPROTOCOL),
        webSockets.compression());
  }

  private HttpResponse accept(HttpRequest request, ServerHandshake.Accepted accepted) {
    if (!origins.allows(Caller.header(request, "Origin"), Caller.header(request, "Host"))) {
      return JsonResponse.error(
          StatusCodes.FORBIDDEN,
          "forbidden",
          "This page's origin may not connect; add it to kantele.http.allowed-origins.");
    }
    if (accepted.subprotocol().isEmpty() && !values(request, "Sec-WebSocket-Protocol").isEmpty()) {
      return JsonResponse.error(
          StatusCodes.BAD_REQUEST,
          "version_mismatch",
          "The offered subprotocols are not spoken here; offer " + WebSockets.SUBPROTOCOL + ".");
    }
    if (webSockets.isFull()) {
      return JsonResponse.error(
              StatusCodes.SERVICE_UNAVAILABLE,
              "unavailable",
              "This node has as many connections as it takes; try again later.")
          .addHeader(RawHeader.create("Retry-After", "5"));
    }
    return withFields(
            HttpResponse.create().withStatus(StatusCodes.SWITCHING_PROTOCOLS), accepted.fields())
        .addHeader(
            new UpgradeToOtherProtocolResponseHeader(
                webSockets
                    .connection(Caller.remote(request), accepted.compression())
                    .<Object>mapMaterializedValue(none -> none)
                    .asScala()));
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
