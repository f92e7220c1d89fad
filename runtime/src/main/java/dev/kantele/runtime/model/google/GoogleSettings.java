package dev.kantele.runtime.model.google;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.BaseUrl;
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
 * @param baseUrl without {@code /v1beta}, and without a slash at its end
 * @param models the names that listings show; others can be called too
 * @param includeThoughts whether summaries of what models think are asked for
 */
record GoogleSettings(
    URI baseUrl,
    Optional<Secret> apiKey,
    List<String> models,
    boolean includeThoughts,
    ModelHttpSettings http) {
  private static final String GOOGLE_URL = "https://generativelanguage.googleapis.com";
  private static final String GOOGLE_HOST = "generativelanguage.googleapis.com";
  private static final String URL_EXPECTED =
      "an http or https URL without /v1beta, such as " + GOOGLE_URL;

  GoogleSettings {
    requireNonNull(baseUrl, "baseUrl");
    requireNonNull(apiKey, "apiKey");
    models = List.copyOf(models);
    requireNonNull(http, "http");
  }

  static GoogleSettings from(SettingsReader settings) {
    settings.requireKnown(
        Stream.concat(
                Stream.of("base-url", "api-key", "models", "thoughts"),
                ModelHttpSettings.KEYS.stream())
            .toArray(String[]::new));
    URI url = BaseUrl.read(settings, "base-url", GOOGLE_URL, URL_EXPECTED);
    boolean thoughts =
        switch (settings.string("thoughts")) {
          case "on" -> true;
          case "off" -> false;
          default -> throw settings.invalid("thoughts", "on or off");
        };
    return new GoogleSettings(
        URI.create(url.toString().replaceFirst("/v1beta$", "")),
        settings.secret("api-key"),
        settings.strings("models"),
        thoughts,
        ModelHttpSettings.from(settings));
  }

  /** Whether it is Google itself that is called. */
  boolean isGoogle() {
    return GOOGLE_HOST.equalsIgnoreCase(baseUrl.getHost());
  }

  URI modelsUrl() {
    return URI.create(baseUrl + "/v1beta/models?pageSize=1000");
  }

  URI streamUrl(String model) {
    return URI.create(baseUrl + "/v1beta/models/" + model + ":streamGenerateContent?alt=sse");
  }

  /** The headers that say who calls; a key in the address would be in every log on the way. */
  Map<String, Secret> credentials() {
    return apiKey.map(key -> Map.of("x-goog-api-key", key)).orElse(Map.of());
  }
}
