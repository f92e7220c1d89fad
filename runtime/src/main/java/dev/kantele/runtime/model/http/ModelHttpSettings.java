package dev.kantele.runtime.model.http;

import dev.kantele.runtime.settings.SettingsReader;
import java.time.Duration;
import java.util.List;

/**
 * The limits of calls over HTTP.
 *
 * @param connectTimeout for a TCP connection to be made
 * @param firstEventTimeout from the begin of a call to the first event of its answer
 * @param idleTimeout without a byte, once there was an event
 * @param maxEventBytes of one line, and of the data of one event
 * @param maxConnections calls at a time, each of which has a connection of its own
 */
public record ModelHttpSettings(
    Duration connectTimeout,
    Duration firstEventTimeout,
    Duration idleTimeout,
    int maxEventBytes,
    int maxConnections) {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final int MAX_EVENT_BYTES = 64 * 1024 * 1024;
  private static final int MAX_CONNECTIONS = 65_536;

  /** The keys that {@link #from} reads. */
  public static final List<String> KEYS =
      List.of(
          "connect-timeout",
          "first-event-timeout",
          "idle-timeout",
          "max-event-bytes",
          "max-connections");

  /** Reads them from a provider's block. */
  public static ModelHttpSettings from(SettingsReader provider) {
    return new ModelHttpSettings(
        provider.duration("connect-timeout", SHORTEST),
        provider.duration("first-event-timeout", SHORTEST),
        provider.duration("idle-timeout", SHORTEST),
        (int) provider.number("max-event-bytes", 1_024, MAX_EVENT_BYTES),
        (int) provider.number("max-connections", 1, MAX_CONNECTIONS));
  }
}
