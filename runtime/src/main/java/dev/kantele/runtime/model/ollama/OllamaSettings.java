package dev.kantele.runtime.model.ollama;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.ModelHttpSettings;
import dev.kantele.runtime.settings.SettingsReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the provider's models are, and how they are called.
 *
 * @param url the server's address, without a slash at its end
 * @param apiKey for Ollama's own service, and for servers behind a proxy that wants one
 * @param models the names that listings show; others can be called too
 */
record OllamaSettings(
    URI url, Optional<Secret> apiKey, List<String> models, ModelHttpSettings http) {
  private static final String HOST_EXPECTED =
      "a host, a port or both, as in 127.0.0.1:11434, :11434 or https://ollama.com";

  OllamaSettings {
    requireNonNull(url, "url");
    requireNonNull(apiKey, "apiKey");
    models = List.copyOf(models);
    requireNonNull(http, "http");
  }

  static OllamaSettings from(SettingsReader settings) {
    settings.requireKnown(
        Stream.concat(Stream.of("host", "api-key", "models"), ModelHttpSettings.KEYS.stream())
            .toArray(String[]::new));
    // An address may hold a password; and an empty variable counts as not set.
    String host = settings.secret("host").map(Secret::reveal).orElse("");
    return new OllamaSettings(
        OllamaHost.url(host).orElseThrow(() -> settings.invalidSecret("host", HOST_EXPECTED)),
        settings.secret("api-key"),
        settings.strings("models"),
        ModelHttpSettings.from(settings));
  }

  /** Whether it is Ollama's own service that is called, which wants a key. */
  boolean isCloud() {
    return OllamaHost.CLOUD.equalsIgnoreCase(url.getHost());
  }

  Map<String, Secret> credentials() {
    return apiKey
        .map(key -> Map.of("Authorization", new Secret("Bearer " + key.reveal())))
        .orElse(Map.of());
  }

  URI chatUrl() {
    return URI.create(url + "/api/chat");
  }

  URI modelsUrl() {
    return URI.create(url + "/api/tags");
  }
}
