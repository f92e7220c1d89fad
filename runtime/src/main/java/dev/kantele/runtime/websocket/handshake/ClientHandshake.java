package dev.kantele.runtime.websocket.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** A client's side of the handshake of one connection (RFC 6455, section 4.1). */
public final class ClientHandshake {
  /** What the server's response amounts to. */
  public sealed interface Outcome {
    /** The connection is a WebSocket. */
    record Accepted(Optional<String> subprotocol, Optional<DeflateParameters> compression)
        implements Outcome {
      public Accepted {
        requireNonNull(subprotocol, "subprotocol");
        requireNonNull(compression, "compression");
      }
    }

    /**
     * It is none, and must be closed.
     *
     * @param status of the response; 0 if it was not one of HTTP
     */
    record Failed(int status, String reason) implements Outcome {
      public Failed {
        requireNonNull(reason, "reason");
      }
    }
  }

  private final ClientRequest request;
  private final String key;

  private ClientHandshake(ClientRequest request, String key) {
    this.request = request;
    this.key = key;
  }

  /** A handshake with a key of its own. */
  public static ClientHandshake of(ClientRequest request, SecureRandom random) {
    return new ClientHandshake(request, HandshakeKey.random(random));
  }

  /** The head of the request, up to and with its empty line. */
  public byte[] head() {
    var head = new StringBuilder("GET ").append(request.target()).append(" HTTP/1.1\r\n");
    field(head, "Host", request.host());
    field(head, "Upgrade", "websocket");
    field(head, "Connection", "Upgrade");
    field(head, "Sec-WebSocket-Key", key);
    field(head, "Sec-WebSocket-Version", ServerHandshake.VERSION);
    if (!request.subprotocols().isEmpty()) {
      field(head, "Sec-WebSocket-Protocol", String.join(", ", request.subprotocols()));
    }
    request
        .compression()
        .ifPresent(
            offered -> field(head, "Sec-WebSocket-Extensions", DeflateNegotiation.offer(offered)));
    request.fields().forEach(more -> field(head, more.name(), more.value()));
    return head.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  /**
   * Judges the response.
   *
   * @param head up to and with its empty line
   */
  public Outcome check(byte[] head) {
    return ResponseHead.parse(head)
        .map(this::check)
        .orElseGet(() -> new Outcome.Failed(0, "The response is not one of HTTP/1.1."));
  }

  private Outcome check(ResponseHead response) {
    if (response.status() != 101) {
      return failed(response, "The server refused: status " + response.status() + ".");
    }
    if (!response.single("Upgrade").map("websocket"::equalsIgnoreCase).orElse(false)
        || !response.hasElement("Connection", "Upgrade")) {
      return failed(response, "The response upgrades to something else than WebSocket.");
    }
    if (!response.single("Sec-WebSocket-Accept").equals(Optional.of(HandshakeKey.accept(key)))) {
      return failed(response, "The response's Sec-WebSocket-Accept does not fit to the key.");
    }
    List<String> subprotocols = response.values("Sec-WebSocket-Protocol");
    if (subprotocols.size() > 1 || !request.subprotocols().containsAll(subprotocols)) {
      return failed(response, "The response names a subprotocol that was not offered.");
    }
    return withExtensions(response, subprotocols.stream().findFirst());
  }

  private Outcome withExtensions(ResponseHead response, Optional<String> subprotocol) {
    List<Extension> extensions =
        Extension.parse(response.values("Sec-WebSocket-Extensions")).orElse(null);
    if (extensions == null) {
      return failed(response, "The response's Sec-WebSocket-Extensions are malformed.");
    }
    if (extensions.isEmpty()) {
      return new Outcome.Accepted(subprotocol, Optional.empty());
    }
    DeflateSettings offered = request.compression().orElse(null);
    if (offered == null
        || extensions.size() > 1
        || !extensions.getFirst().name().equals(DeflateNegotiation.NAME)) {
      return failed(response, "The response names an extension that was not offered.");
    }
    return switch (DeflateNegotiation.agreed(extensions.getFirst(), offered)) {
      case DeflateNegotiation.Outcome.Agreed(var parameters) ->
          new Outcome.Accepted(subprotocol, Optional.of(parameters));
      case DeflateNegotiation.Outcome.Wrong(var reason) -> failed(response, reason);
    };
  }

  private static Outcome failed(ResponseHead response, String reason) {
    return new Outcome.Failed(response.status(), reason);
  }

  private static void field(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
