package dev.kantele.runtime.model.http;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import java.net.URI;
import java.util.Map;

/**
 * A POST of JSON. Its text form has neither credentials nor what was said.
 *
 * @param uri absolute, {@code http} or {@code https}
 * @param headers such as the version of an API
 * @param credentials headers whose values are secret
 * @param body JSON
 * @param format how it is to be answered
 */
public record ModelHttpRequest(
    URI uri,
    Map<String, String> headers,
    Map<String, Secret> credentials,
    String body,
    AnswerFormat format) {
  public ModelHttpRequest {
    requireNonNull(uri, "uri");
    headers = Map.copyOf(headers);
    credentials = Map.copyOf(credentials);
    requireNonNull(body, "body");
    requireNonNull(format, "format");
  }

  /** One that is answered by server-sent events. */
  public ModelHttpRequest(
      URI uri, Map<String, String> headers, Map<String, Secret> credentials, String body) {
    this(uri, headers, credentials, body, AnswerFormat.EVENT_STREAM);
  }

  /** One that needs no header but its credentials, and is answered by server-sent events. */
  public ModelHttpRequest(URI uri, Map<String, Secret> credentials, String body) {
    this(uri, Map.of(), credentials, body);
  }

  @Override
  public String toString() {
    return "POST " + uri;
  }
}
