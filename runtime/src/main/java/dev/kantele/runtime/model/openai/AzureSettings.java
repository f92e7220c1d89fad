package dev.kantele.runtime.model.openai;

import static java.util.Objects.requireNonNull;

import dev.kantele.protocol.Secret;
import dev.kantele.runtime.model.http.BaseUrl;
import dev.kantele.runtime.model.http.ModelHttpSettings;
import dev.kantele.runtime.settings.SettingsReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where an Azure resource's deployments are, and how they are called. The two forms of addresses
 * are those of <a
 * href="https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle">Microsoft's page
 * on API versions</a>: without a version {@code /openai/v1}, with one the older, dated form.
 *
 * @param endpoint the resource's address, without a path; absent if it is not set
 * @param token of Microsoft Entra, which is sent in place of a key
 * @param models the deployments that listings show; others can be called too
 */
record AzureSettings(
    Optional<URI> endpoint,
    Optional<Secret> apiKey,
    Optional<Secret> token,
    Optional<String> apiVersion,
    OpenAiWire wire,
    List<String> models,
    ModelHttpSettings http) {
  private static final String ENDPOINT = "endpoint";
  private static final String ENDPOINT_EXPECTED =
      "an http or https URL without a path, such as https://my-resource.openai.azure.com";
  private static final String VERSION = "[0-9A-Za-z.-]{1,40}";

  AzureSettings {
    requireNonNull(endpoint, "endpoint");
    requireNonNull(apiKey, "apiKey");
    requireNonNull(token, "token");
    requireNonNull(apiVersion, "apiVersion");
    requireNonNull(wire, "wire");
    models = List.copyOf(models);
    requireNonNull(http, "http");
  }

  static AzureSettings from(SettingsReader settings) {
    settings.requireKnown(
        Stream.concat(
                Stream.of(ENDPOINT, "api-key", "token", "api-version", "wire", "models"),
                ModelHttpSettings.KEYS.stream())
            .toArray(String[]::new));
    Optional<String> version = version(settings);
    return new AzureSettings(
        endpoint(settings),
        settings.secret("api-key"),
        settings.secret("token"),
        version,
        OpenAiSettings.wire(settings, version.isEmpty() ? OpenAiWire.RESPONSES : OpenAiWire.CHAT),
        settings.strings("models"),
        ModelHttpSettings.from(settings));
  }

  /* Pages and portals show it with and without the path of the newer form. */
  private static Optional<URI> endpoint(SettingsReader settings) {
    if (settings.secret(ENDPOINT).isEmpty()) {
      return Optional.empty();
    }
    URI url = BaseUrl.read(settings, ENDPOINT, "", ENDPOINT_EXPECTED);
    String path = url.getRawPath();
    if (!path.matches("(/openai(/v1)?)?")) {
      throw settings.invalidSecret(ENDPOINT, ENDPOINT_EXPECTED);
    }
    return Optional.of(
        URI.create(url.toString().substring(0, url.toString().length() - path.length())));
  }

  /* An empty variable counts as not set; "v1" and "preview" name the newer form, which needs none. */
  private static Optional<String> version(SettingsReader settings) {
    Optional<String> version =
        settings
            .secret("api-version")
            .map(Secret::reveal)
            .filter(text -> !text.equals("v1") && !text.equals("preview"));
    if (version.isPresent() && !version.get().matches(VERSION)) {
      throw settings.invalid("api-version", "a version such as 2024-10-21");
    }
    return version;
  }

  /** Where {@code deployment} is called; only where there is an endpoint. */
  URI callUrl(String deployment) {
    if (apiVersion.isEmpty()) {
      return URI.create(endpoint.orElseThrow() + "/openai/v1" + wire.path());
    }
    String path =
        switch (wire) {
          case CHAT -> "/openai/deployments/" + encoded(deployment) + wire.path();
          case RESPONSES -> "/openai" + wire.path();
        };
    return URI.create(endpoint.orElseThrow() + path + query());
  }

  /** Where the resource lists its models; only where there is an endpoint. */
  URI modelsUrl() {
    String path = apiVersion.isEmpty() ? "/openai/v1/models" : "/openai/models";
    return URI.create(endpoint.orElseThrow() + path + query());
  }

  /** The headers that say who calls; a token wins over a key. */
  Map<String, Secret> credentials() {
    return token
        .map(entra -> Map.of("Authorization", new Secret("Bearer " + entra.reveal())))
        .or(() -> apiKey.map(key -> Map.of("api-key", key)))
        .orElse(Map.of());
  }

  private String query() {
    return apiVersion.map(version -> "?api-version=" + version).orElse("");
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
