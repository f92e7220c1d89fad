package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kantele.runtime.websocket.WebSockets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;

/**
 * Turns a request into a WebSocket, or says why not (RFC 6455, section 4.2).
 *
 * <p>pekko-http checks the request, but its own WebSockets can neither choose a close code nor show
 * pongs to their handler, nor do they bound a message. So they are left aside: the connection
 * switches to a protocol of bytes, in the way in which pekko-http itself switches to WebSocket and
 * HTTP/2.
 */
final class WebSocketUpgrades {
  private static final String VERSION = "13";

  /** What a server adds to the client's key (RFC 6455, section 1.3). */
  private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final WebSockets webSockets;
  private final OriginPolicy origins;

  WebSocketUpgrades(WebSockets webSockets, OriginPolicy origins) {
    this.webSockets = webSockets;
    this.origins = origins;
  }

  /** The response to a request for {@code /v1/ws}. */
  HttpResponse respond(HttpRequest request) {
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isEmpty()) {
      return noUpgrade(request);
    }
    if (!origins.allows(Caller.header(request, "Origin"), Caller.header(request, "Host"))) {
      return JsonResponse.error(
          StatusCodes.FORBIDDEN,
          "forbidden",
          "This page's origin may not connect; add it to kantele.http.allowed-origins.");
    }
    List<String> offered =
        StreamSupport.stream(upgrade.get().getRequestedProtocols().spliterator(), false).toList();
    if (!offered.isEmpty() && !offered.contains(WebSockets.SUBPROTOCOL)) {
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
    return switchProtocols(request, !offered.isEmpty());
  }

  private HttpResponse switchProtocols(HttpRequest request, boolean named) {
    HttpResponse response =
        HttpResponse.create()
            .withStatus(StatusCodes.SWITCHING_PROTOCOLS)
            .addHeader(RawHeader.create("Upgrade", "websocket"))
            .addHeader(Connection.create("Upgrade"))
            .addHeader(
                RawHeader.create(
                    "Sec-WebSocket-Accept",
                    accept(Caller.header(request, "Sec-WebSocket-Key").orElseThrow())))
            .addHeader(
                new UpgradeToOtherProtocolResponseHeader(
                    webSockets
                        .connection(Caller.remote(request))
                        .<Object>mapMaterializedValue(none -> none)
                        .asScala()));
    return named
        ? response.addHeader(RawHeader.create("Sec-WebSocket-Protocol", WebSockets.SUBPROTOCOL))
        : response;
  }

  private static HttpResponse noUpgrade(HttpRequest request) {
    String version = Caller.header(request, "Sec-WebSocket-Version").orElse(VERSION);
    String message =
        version.equals(VERSION)
            ? "This is a WebSocket endpoint; connect to it with a WebSocket client."
            : "WebSocket version " + version + " is not spoken here (expected: " + VERSION + ").";
    return JsonResponse.error(StatusCodes.UPGRADE_REQUIRED, "upgrade_required", message)
        .addHeader(RawHeader.create("Upgrade", "websocket"))
        .addHeader(RawHeader.create("Sec-WebSocket-Version", VERSION));
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1: missing (expected: it is in every JDK)", e);
    }
  }
}
