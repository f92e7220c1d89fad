package dev.kantele.runtime.websocket.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The head of a response of HTTP/1.1 (RFC 9112).
 *
 * @param status three digits
 * @param fields in their order
 */
record ResponseHead(int status, List<HeaderField> fields) implements HeaderFields {
  ResponseHead {
    fields = List.copyOf(fields);
  }

  /**
   * Reads a head.
   *
   * @param bytes up to and with the empty line
   * @return nothing if it is malformed
   */
  static Optional<ResponseHead> parse(byte[] bytes) {
    String[] lines = new String(bytes, ISO_8859_1).split("\r\n", -1);
    if (!lines[0].matches("HTTP/1\\.1 [1-9][0-9]{2}( .*)?")) {
      return Optional.empty();
    }
    var fields = new ArrayList<HeaderField>();
    for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 0
          || !Tokens.isToken(lines[i].substring(0, colon))
          || !Tokens.isFieldValue(lines[i].substring(colon + 1))) {
        return Optional.empty();
      }
      fields.add(
          new HeaderField(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
    }
    return Optional.of(new ResponseHead(Integer.parseInt(lines[0].substring(9, 12)), fields));
  }

  @Override
  public List<String> values(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(HeaderField::value)
        .toList();
  }
}
