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
 */
public record ModelHttpRequest(
    URI uri, Map<String, String> headers, Map<String, Secret> credentials, String body) {
  public ModelHttpRequest {
    requireNonNull(uri, "uri");
    headers = Map.copyOf(headers);
    credentials = Map.copyOf(credentials);
    requireNonNull(body, "body");
  }

  /** One that needs no header but its credentials. */
  public ModelHttpRequest(URI uri, Map<String, Secret> credentials, String body) {
    this(uri, Map.of(), credentials, body);
  }

  @Override
  public String toString() {
    return "POST " + uri;
  }
}
