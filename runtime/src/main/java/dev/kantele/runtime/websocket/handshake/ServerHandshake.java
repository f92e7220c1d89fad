package dev.kantele.runtime.websocket.handshake;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.websocket.deflate.DeflateParameters;
import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A server's answer to a request for an upgrade (RFC 6455, section 4.2). Where the request comes
 * from, and whether its path is one of a WebSocket, is judged by others.
 */
public sealed interface ServerHandshake {
  /** The version of the protocol that is spoken here. */
  String VERSION = "13";

  /**
   * The connection becomes a WebSocket with the last byte of the response.
   *
   * @param fields of the response, whose status is 101
   * @param subprotocol the first of the client's that is spoken here
   * @param compression what was agreed on; none: no compression
   */
  record Accepted(
      List<HeaderField> fields,
      Optional<String> subprotocol,
      Optional<DeflateParameters> compression)
      implements ServerHandshake {
    public Accepted {
      fields = List.copyOf(fields);
      requireNonNull(subprotocol, "subprotocol");
      requireNonNull(compression, "compression");
    }
  }

  /**
   * The request asks for no WebSocket, or not in the right way.
   *
   * @param status of the response: 400, or 426 where another request might be answered
   * @param fields of the response
   * @param reason one plain sentence
   */
  record Refused(int status, List<HeaderField> fields, String reason) implements ServerHandshake {
    public Refused {
      fields = List.copyOf(fields);
      requireNonNull(reason, "reason");
    }
  }

  /**
   * Answers a request.
   *
   * @param method such as {@code GET}
   * @param http11 whether the request's version is HTTP/1.1 or higher, and not HTTP/2
   * @param request its fields
   * @param subprotocols those that are spoken here
   * @param compression how to compress if the client can; none: not
   */
  static ServerHandshake answer(
      String method,
      boolean http11,
      HeaderFields request,
      List<String> subprotocols,
      Optional<DeflateSettings> compression) {
    if (!method.equals("GET")
        || !http11
        || !request.hasElement("Upgrade", "websocket")
        || !request.hasElement("Connection", "Upgrade")) {
      return upgradeRequired(
          "This is a WebSocket endpoint; connect to it with a WebSocket client.");
    }
    if (request.values("Host").size() != 1) {
      return badRequest("Host", "exactly one");
    }
    if (!request.single("Sec-WebSocket-Version").equals(Optional.of(VERSION))) {
      return upgradeRequired(
          "WebSocket version %s is not spoken here (expected: %s)."
              .formatted(String.join(", ", request.values("Sec-WebSocket-Version")), VERSION));
    }
    Optional<String> key = request.single("Sec-WebSocket-Key").filter(HandshakeKey::isValid);
    if (key.isEmpty()) {
      return badRequest("Sec-WebSocket-Key", "one, of 16 bytes in base64");
    }
    List<String> offered = request.elements("Sec-WebSocket-Protocol");
    if (!offered.stream().allMatch(Tokens::isToken)
        || new HashSet<>(offered).size() < offered.size()) {
      return badRequest("Sec-WebSocket-Protocol", "names, each once");
    }
    Optional<List<Extension>> extensions =
        Extension.parse(request.values("Sec-WebSocket-Extensions"));
    if (extensions.isEmpty()) {
      return badRequest("Sec-WebSocket-Extensions", "names with parameters");
    }
    return accepted(
        key.get(),
        offered.stream().filter(subprotocols::contains).findFirst(),
        compression.flatMap(settings -> DeflateNegotiation.answer(extensions.get(), settings)));
  }

  private static Accepted accepted(
      String key, Optional<String> subprotocol, Optional<DeflateNegotiation.Answer> compression) {
    var fields = new ArrayList<HeaderField>();
    fields.add(new HeaderField("Upgrade", "websocket"));
    fields.add(new HeaderField("Connection", "Upgrade"));
    fields.add(new HeaderField("Sec-WebSocket-Accept", HandshakeKey.accept(key)));
    subprotocol.ifPresent(name -> fields.add(new HeaderField("Sec-WebSocket-Protocol", name)));
    compression.ifPresent(
        answer -> fields.add(new HeaderField("Sec-WebSocket-Extensions", answer.field())));
    return new Accepted(
        fields, subprotocol, compression.map(DeflateNegotiation.Answer::parameters));
  }

  private static Refused upgradeRequired(String reason) {
    return new Refused(
        426,
        List.of(
            new HeaderField("Upgrade", "websocket"),
            new HeaderField("Sec-WebSocket-Version", VERSION)),
        reason);
  }

  private static Refused badRequest(String field, String expected) {
    return new Refused(
        400, List.of(), "Header %s is not valid (expected: %s).".formatted(field, expected));
  }
}
