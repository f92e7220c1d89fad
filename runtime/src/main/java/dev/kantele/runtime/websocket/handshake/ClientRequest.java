package dev.kantele.runtime.websocket.handshake;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.websocket.deflate.DeflateSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a client asks a server for.
 *
 * @param host the server's name, with its port where that is not the usual one
 * @param target the path, and the query if there is one
 * @param subprotocols those that the client speaks, the best one first
 * @param compression what to offer; none: no compression
 * @param fields more fields of the request, such as one with a token
 */
public record ClientRequest(
    String host,
    String target,
    List<String> subprotocols,
    Optional<DeflateSettings> compression,
    List<HeaderField> fields) {
  public ClientRequest {
    requireNonNull(compression, "compression");
    subprotocols = List.copyOf(subprotocols);
    fields = List.copyOf(fields);
    if (host.isEmpty() || !isVisible(host)) {
      throw new IllegalArgumentException(
          "host: '" + host + "' (expected: a name, without spaces and control characters)");
    }
    if (!target.startsWith("/") || !isVisible(target) || target.contains("#")) {
      throw new IllegalArgumentException(
          "target: '" + target + "' (expected: a path, encoded, without a fragment)");
    }
    if (!subprotocols.stream().allMatch(Tokens::isToken)
        || new HashSet<>(subprotocols).size() < subprotocols.size()) {
      throw new IllegalArgumentException(
          "subprotocols: " + subprotocols + " (expected: names, each once)");
    }
  }

  /** A request without subprotocols, compression and further fields. */
  public static ClientRequest of(String host, String target) {
    return new ClientRequest(host, target, List.of(), Optional.empty(), List.of());
  }

  /** The same with an offer to compress. */
  public ClientRequest compressing(DeflateSettings offered) {
    return new ClientRequest(host, target, subprotocols, Optional.of(offered), fields);
  }

  private static boolean isVisible(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }
}
