package dev.kantele.runtime.model.http;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import java.net.URI;
import java.util.Map;

/**
 * A POST of JSON. Its text form has neither credentials nor what was said.
 *
 * @param uri absolute, {@code http} or {@code https}
 * @param credentials headers whose values are secret
 * @param body JSON
 */
public record ModelHttpRequest(URI uri, Map<String, Secret> credentials, String body) {
  public ModelHttpRequest {
    requireNonNull(uri, "uri");
    credentials = Map.copyOf(credentials);
    requireNonNull(body, "body");
  }

  @Override
  public String toString() {
    return "POST " + uri;
  }
}
