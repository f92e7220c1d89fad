package dev.kantele.protocol.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The address of a node, as in {@code http://127.0.0.1:8080}. */
record NodeAddress(URI uri) {
  private static final String ENDPOINT = "/v1/ws";

  /**
   * Reads an address; {@code ws} and {@code wss} mean the same as {@code http} and {@code https}.
   *
   * @throws IllegalArgumentException if it is none, or holds a name or a password, which belong
   *     into no log
   */
  static NodeAddress parse(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getRawUserInfo() != null) {
        throw new IllegalArgumentException(
            "url: has a user (expected: none; a token is given by itself)");
      }
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      String plain =
          switch (scheme) {
            case "http", "ws" -> "http";
            case "https", "wss" -> "https";
            default -> "";
          };
      if (plain.isEmpty() || uri.getHost() == null) {
        throw invalid(text);
      }
      String path = uri.getRawPath().replaceAll("/+$", "");
      return new NodeAddress(new URI(plain + "://" + uri.getRawAuthority() + path));
    } catch (URISyntaxException _) {
      throw invalid(text);
    }
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        text.contains("@")
            ? "url: no address (expected: one such as http://127.0.0.1:8080)"
            : "url: '" + text + "' (expected: an address such as http://127.0.0.1:8080)");
  }

  /** Where the node takes WebSocket connections. */
  URI webSocket() {
    return URI.create(uri.toString().replaceFirst("^http", "ws") + ENDPOINT);
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
