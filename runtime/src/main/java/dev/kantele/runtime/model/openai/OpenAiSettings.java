package dev.kantele.runtime.model.openai;

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
 * @param baseUrl up to and including {@code /v1}, without a slash at its end
 * @param models the names that listings show; others can be called too
 */
record OpenAiSettings(
    URI baseUrl,
    Optional<Secret> apiKey,
    OpenAiWire wire,
    List<String> models,
    ModelHttpSettings http) {
  private static final String OPENAI_URL = "https://api.openai.com/v1";
  private static final String OPENAI_HOST = "api.openai.com";
  private static final String URL_EXPECTED =
      "an http or https URL up to and including /v1, such as http://127.0.0.1:11434/v1";

  OpenAiSettings {
    requireNonNull(baseUrl, "baseUrl");
    requireNonNull(apiKey, "apiKey");
    requireNonNull(wire, "wire");
    models = List.copyOf(models);
    requireNonNull(http, "http");
  }

  static OpenAiSettings from(SettingsReader settings) {
    settings.requireKnown(
        Stream.concat(
                Stream.of("base-url", "api-key", "wire", "models"), ModelHttpSettings.KEYS.stream())
            .toArray(String[]::new));
    URI baseUrl = BaseUrl.read(settings, "base-url", OPENAI_URL, URL_EXPECTED);
    return new OpenAiSettings(
        baseUrl,
        settings.secret("api-key"),
        wire(settings, isOpenAi(baseUrl) ? OpenAiWire.RESPONSES : OpenAiWire.CHAT),
        settings.strings("models"),
        ModelHttpSettings.from(settings));
  }

  /** Whether it is OpenAI itself that is called, not a server that speaks the same. */
  boolean isOpenAi() {
    return isOpenAi(baseUrl);
  }

  private static boolean isOpenAi(URI url) {
    return OPENAI_HOST.equalsIgnoreCase(url.getHost());
  }

  /** The wire that is set, or {@code auto}. */
  static OpenAiWire wire(SettingsReader settings, OpenAiWire auto) {
    return OpenAiWire.of(settings.string("wire"), auto)
        .orElseThrow(() -> settings.invalid("wire", OpenAiWire.EXPECTED));
  }

  URI modelsUrl() {
    return URI.create(baseUrl + "/models");
  }

  URI callUrl() {
    return URI.create(baseUrl + wire.path());
  }

  /** The headers that say who calls. */
  Map<String, Secret> credentials() {
    return apiKey
        .map(key -> Map.of("Authorization", new Secret("Bearer " + key.reveal())))
        .orElse(Map.of());
  }
}
