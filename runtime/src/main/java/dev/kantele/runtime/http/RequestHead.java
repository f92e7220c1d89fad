package dev.kantele.runtime.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.kantele.runtime.websocket.handshake.HeaderFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The head of a request that is written in the plainest way (RFC 9112, sections 2 to 5): in ASCII,
 * with a line end of two bytes, without folded lines. Whatever is written otherwise is for
 * pekko-http to judge.
 *
 * @param method as written
 * @param target the path and the query
 * @param headers by name in lower case; the values of one name in their order
 */
record RequestHead(String method, String target, Map<String, List<String>> headers)
    implements HeaderFields {
  private static final Pattern LINE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/1\\.1");
  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([ -~\\t]*?)[ \\t]*");

  /**
   * Reads a head.
   *
   * @param bytes the head with the empty line that ends it
   * @return empty if it is not written so
   */
  static Optional<RequestHead> read(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return Optional.empty();
      }
    }
    String[] lines = new String(bytes, US_ASCII).split("\r\n", -1);
    var start = LINE.matcher(lines[0]);
    // The empty line leaves two empty strings.
    if (lines.length < 3 || !start.matches()) {
      return Optional.empty();
    }
    var headers = new HashMap<String, List<String>>();
    for (String line : Arrays.asList(lines).subList(1, lines.length - 2)) {
      var header = HEADER.matcher(line);
      if (!header.matches()) {
        return Optional.empty();
      }
      headers
          .computeIfAbsent(header.group(1).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(header.group(2));
    }
    return Optional.of(new RequestHead(start.group(1), start.group(2), headers));
  }

  /** The path, without the query. */
  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  @Override
  public List<String> values(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** Whether there is more than one field of any of these names. */
  boolean repeats(List<String> names) {
    return names.stream().anyMatch(name -> values(name).size() > 1);
  }

  /** Whether something may come that belongs to the request and is not its head. */
  boolean mayHaveBody() {
    return headers.containsKey("content-length")
        || headers.containsKey("transfer-encoding")
        || headers.containsKey("expect");
  }
}
