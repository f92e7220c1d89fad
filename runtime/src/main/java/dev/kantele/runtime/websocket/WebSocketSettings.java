package dev.kantele.runtime.websocket;

import com.typesafe.config.Config;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import java.time.Duration;

/**
 * The settings of WebSocket connections, {@code kantele.websocket}; each but {@code maxConnections}
 * is for one connection.
 *
 * @param helloTimeout from the start of a connection to its {@code welcome}
 * @param heartbeat from one ping of the node to the next; a peer without a sign of life is given up
 *     after 2.5 to 3 of them
 * @param closeTimeout from the node's close frame to the point where the connection is dropped
 * @param maxConnections connections at a time; more are refused before their upgrade
 * @param maxMessageBytes bytes of a message that a client sends, all fragments together
 * @param maxSubscriptions sessions that one connection is attached to
 * @param maxCommandsInFlight commands without a reply yet; while there are as many, nothing is read
 * @param eventBytes bytes of events that are held for the socket; a single larger event passes
 * @param replyBytes bytes of replies that wait for the socket; while there are more, nothing is
 *     read
 * @param batchEvents events that one pull asks for
 * @param commandsPerSecond commands that are taken in the long run
 * @param commandBurst commands that are taken at once
 * @param compression whether messages are compressed for clients that can (RFC 7692)
 */
public record WebSocketSettings(
    Duration helloTimeout,
    Duration heartbeat,
    Duration closeTimeout,
    int maxConnections,
    int maxMessageBytes,
    int maxSubscriptions,
    int maxCommandsInFlight,
    int eventBytes,
    int replyBytes,
    int batchEvents,
    int commandsPerSecond,
    int commandBurst,
    boolean compression) {
  /** A heartbeat is watched by halves. */
  private static final Duration SHORTEST = Duration.ofMillis(10);

  private static final int MAX_COUNT = 1_000_000;
  private static final int MIN_BYTES = 1_024;
  private static final int MAX_BYTES = 1 << 28;

  /** What a pull must be able to ask for. */
  private static final int MIN_PULL_BYTES = 256;

  private static final String[] KEYS = {
    "hello-timeout",
    "heartbeat",
    "close-timeout",
    "max-connections",
    "max-message-bytes",
    "max-subscriptions",
    "max-commands-in-flight",
    "event-bytes",
    "reply-bytes",
    "batch-events",
    "commands-per-second",
    "command-burst",
    "compression"
  };

  public WebSocketSettings {
    requireTime("hello-timeout", helloTimeout);
    requireTime("heartbeat", heartbeat);
    requireTime("close-timeout", closeTimeout);
    WireNumber.require("max-connections", maxConnections, 1, MAX_COUNT);
    WireNumber.require("max-message-bytes", maxMessageBytes, MIN_BYTES, MAX_BYTES);
    WireNumber.require("max-subscriptions", maxSubscriptions, 1, MAX_COUNT);
    WireNumber.require("max-commands-in-flight", maxCommandsInFlight, 1, MAX_COUNT);
    WireNumber.require("event-bytes", eventBytes, MIN_BYTES, MAX_BYTES);
    WireNumber.require("reply-bytes", replyBytes, MIN_BYTES, MAX_BYTES);
    WireNumber.require("batch-events", batchEvents, 1, MAX_COUNT);
    WireNumber.require("commands-per-second", commandsPerSecond, 1, MAX_COUNT);
    WireNumber.require("command-burst", commandBurst, 1, MAX_COUNT);
    if (eventBytes / maxSubscriptions < MIN_PULL_BYTES) {
      throw new SettingsException(
          "kantele.websocket.event-bytes: %d with max-subscriptions: %d (expected: at least %d bytes for each)"
              .formatted(eventBytes, maxSubscriptions, MIN_PULL_BYTES));
    }
  }

  /**
   * Reads {@code kantele.websocket}.
   *
   * @param kanteleConfig the block {@code kantele} of the whole, resolved configuration
   * @throws SettingsException if a setting is missing, unknown or out of bounds
   */
  public static WebSocketSettings from(Config kanteleConfig) {
    SettingsReader reader = SettingsReader.of(kanteleConfig, "kantele").block("websocket");
    reader.requireKnown(KEYS);
    return new WebSocketSettings(
        reader.duration("hello-timeout", SHORTEST),
        reader.duration("heartbeat", SHORTEST),
        reader.duration("close-timeout", SHORTEST),
        count(reader, "max-connections"),
        bytes(reader, "max-message-bytes"),
        count(reader, "max-subscriptions"),
        count(reader, "max-commands-in-flight"),
        bytes(reader, "event-bytes"),
        bytes(reader, "reply-bytes"),
        count(reader, "batch-events"),
        count(reader, "commands-per-second"),
        count(reader, "command-burst"),
        isOn(reader, "compression"));
  }

  private static int count(SettingsReader reader, String key) {
    return (int) reader.number(key, 1, MAX_COUNT);
  }

  private static boolean isOn(SettingsReader reader, String key) {
    return switch (reader.string(key)) {
      case "on", "true" -> true;
      case "off", "false" -> false;
      default -> throw reader.invalid(key, "on or off");
    };
  }

  private static int bytes(SettingsReader reader, String key) {
    return (int) reader.number(key, MIN_BYTES, MAX_BYTES);
  }

  private static void requireTime(String key, Duration value) {
    if (value.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          key + ": " + value + " (expected: at least " + SHORTEST + ")");
    }
  }
}
