package dev.kantele.runtime.model.openai;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.ModelHttpSettings;
import dev.kantele.runtime.settings.SettingsReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the provider's models are, and how they are called.
 *
 * @param baseUrl up to and including {@code /v1}, without a slash at its end
 * @param models the names that listings show; others can be called too
 */
record OpenAiSettings(
    URI baseUrl, Optional<Secret> apiKey, List<String> models, ModelHttpSettings http) {
  private static final String OPENAI_URL = "https://api.openai.com/v1";
  private static final String OPENAI_HOST = "api.openai.com";
  private static final String URL_EXPECTED =
      "an http or https URL up to and including /v1, such as http://127.0.0.1:11434/v1";

  OpenAiSettings {
    requireNonNull(baseUrl, "baseUrl");
    requireNonNull(apiKey, "apiKey");
    models = List.copyOf(models);
    requireNonNull(http, "http");
  }

  static OpenAiSettings from(SettingsReader settings) {
    settings.requireKnown(
        Stream.concat(Stream.of("base-url", "api-key", "models"), ModelHttpSettings.KEYS.stream())
            .toArray(String[]::new));
    return new OpenAiSettings(
        baseUrl(settings),
        settings.secret("api-key"),
        settings.strings("models"),
        ModelHttpSettings.from(settings));
  }

  private static URI baseUrl(SettingsReader settings) {
    // An address may hold a password; and an empty variable counts as not set.
    String text =
        settings.secret("base-url").map(Secret::reveal).orElse(OPENAI_URL).replaceAll("/+$", "");
    try {
      var url = new URI(text);
      boolean usable =
          url.getScheme() != null
              && url.getScheme().matches("(?i)https?")
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      if (usable) {
        return url;
      }
    } catch (URISyntaxException _) {
      // Said below.
    }
    throw settings.invalidSecret("base-url", URL_EXPECTED);
  }

  /** Whether it is OpenAI itself that is called, not a server that speaks the same. */
  boolean isOpenAi() {
    return OPENAI_HOST.equalsIgnoreCase(baseUrl.getHost());
  }

  URI modelsUrl() {
    return URI.create(baseUrl + "/models");
  }

  URI completionsUrl() {
    return URI.create(baseUrl + "/chat/completions");
  }
}
