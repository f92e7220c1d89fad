package dev.kantele.runtime.model.bedrock;

import static java.util.Objects.requireNonNull;

import dev.kantele.runtime.model.http.BaseUrl;
import dev.kantele.runtime.settings.SettingsReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the provider's models are called. Credentials are the SDK's own chain's matter, as is the
 * region where none is set.
 *
 * @param endpoint in place of the region's own, up to the host
 * @param models the names that listings show; others can be called too
 * @param connectTimeout for a TCP connection to be made
 * @param firstEventTimeout from the begin of a call to the first event of its answer
 * @param idleTimeout without an event, once there was one
 * @param maxConnections calls at a time, each of which has a connection of its own
 */
record BedrockSettings(
    Optional<String> region,
    Optional<URI> endpoint,
    List<String> models,
    Duration connectTimeout,
    Duration firstEventTimeout,
    Duration idleTimeout,
    int maxConnections) {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final int MAX_CONNECTIONS = 65_536;
  private static final String ENDPOINT = "endpoint";

  BedrockSettings {
    requireNonNull(region, "region");
    requireNonNull(endpoint, "endpoint");
    models = List.copyOf(models);
    requireNonNull(connectTimeout, "connectTimeout");
    requireNonNull(firstEventTimeout, "firstEventTimeout");
    requireNonNull(idleTimeout, "idleTimeout");
  }

  static BedrockSettings from(SettingsReader settings) {
    settings.requireKnown(
        "region",
        ENDPOINT,
        "models",
        "connect-timeout",
        "first-event-timeout",
        "idle-timeout",
        "max-connections");
    return new BedrockSettings(
        settings.optionalString("region").filter(region -> !region.isBlank()),
        settings
            .secret(ENDPOINT)
            .map(_ -> BaseUrl.read(settings, ENDPOINT, "", "an http or https URL")),
        settings.strings("models"),
        settings.duration("connect-timeout", SHORTEST),
        settings.duration("first-event-timeout", SHORTEST),
        settings.duration("idle-timeout", SHORTEST),
        (int) settings.number("max-connections", 1, MAX_CONNECTIONS));
  }
}
