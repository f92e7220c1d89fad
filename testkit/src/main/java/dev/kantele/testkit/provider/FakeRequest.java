package dev.kantele.testkit.provider;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kantele.protocol.codec.WireMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a {@link FakeProvider} was asked. Thread-safe.
 *
 * @param method as in {@code POST}
 * @param target the path with the query, as it was sent
 * @param headers by name, whatever the case; of several with one name the last
 * @param body the JSON that was sent; missing if it was none
 * @param closed completes when the client has closed the connection, or it broke
 */
public record FakeRequest(
    String method,
    String target,
    Map<String, String> headers,
    JsonNode body,
    CompletionStage<Void> closed) {
  private static final int MAX_HEAD_BYTES = 65_536;

  public FakeRequest {
    requireNonNull(method, "method");
    requireNonNull(target, "target");
    var sorted = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    headers = Collections.unmodifiableMap(sorted);
    requireNonNull(body, "body");
    requireNonNull(closed, "closed");
  }

  /** The value of a header, whatever the case of its name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  static FakeRequest read(InputStream in, CompletableFuture<Void> closed) throws IOException {
    String[] lines = head(in).split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length < 2) {
      throw new IOException("there was no request");
    }
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(lines[i].substring(0, colon).strip(), lines[i].substring(colon + 1).strip());
      }
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
    return new FakeRequest(first[0], first[1], headers, json(headers, body), closed.copy());
  }

  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    int last = 0;
    while (last != 0x0D0A0D0A) {
      int next = in.read();
      if (next < 0 || head.size() == MAX_HEAD_BYTES) {
        throw new IOException("there was no request");
      }
      head.write(next);
      last = last << 8 | next;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static JsonNode json(Map<String, String> headers, byte[] body) throws IOException {
    boolean json = headers.getOrDefault("Content-Type", "").contains("json");
    return json && body.length > 0 ? WireMapper.json().readTree(body) : MissingNode.getInstance();
  }
}
