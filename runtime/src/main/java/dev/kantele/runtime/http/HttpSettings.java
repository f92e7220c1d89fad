package dev.kantele.runtime.http;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import dev.kantele.protocol.WireNumber;
import dev.kantele.runtime.security.SecuritySettings;
import dev.kantele.runtime.settings.SettingsException;
import dev.kantele.runtime.settings.SettingsReader;
import dev.kantele.runtime.transport.ListenOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a node's HTTP port, {@code kantele.http}.
 *
 * @param host the name or address to listen on
 * @param port the port to listen on; 0: any that is free
 * @param insecure whether others than this machine may connect although nobody is authenticated
 * @param tls the certificate by which the node speaks TLS; empty: it does not
 * @param allowedOrigins origins of web pages that may connect beside the node's own, as in {@code
 *     https://app.example.com}
 * @param headTimeout what a connection may take to its first request, a handshake of TLS included
 * @param maxHeadBytes what the head of a connection's first request may have to become a WebSocket
 * @param backlog connections that wait to be taken: after a node's restart all clients come at once
 * @param sendBufferBytes what the system holds of what a peer has not taken; 0: as it likes
 * @param idleTimeout a connection on which no byte passes for so long is dropped, and one on which
 *     the head of the next request does not come within it
 * @param maxConnections connections at a time that are no WebSockets
 * @param shutdownTimeout how long requests that are being answered may take when the port closes
 */
public record HttpSettings(
    String host,
    int port,
    boolean insecure,
    Optional<TlsFiles> tls,
    List<String> allowedOrigins,
    Duration headTimeout,
    int maxHeadBytes,
    int backlog,
    int sendBufferBytes,
    Duration idleTimeout,
    int maxConnections,
    Duration shutdownTimeout) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final int MAX_PORT = 65_535;
  private static final int MAX_CONNECTIONS = 1_000_000;
  private static final int MIN_HEAD_BYTES = 1_024;
  private static final int MAX_HEAD_BYTES = 1 << 20;
  private static final int MAX_BACKLOG = 65_535;
  private static final int MAX_BUFFER_BYTES = 1 << 30;
  private static final String[] KEYS = {
    "host",
    "port",
    "insecure",
    "tls",
    "allowed-origins",
    "head-timeout",
    "max-head-bytes",
    "backlog",
    "send-buffer-bytes",
    "idle-timeout",
    "max-connections",
    "shutdown-timeout"
  };

  public HttpSettings {
    requireNonNull(host, "host");
    WireNumber.require("port", port, 0, MAX_PORT);
    requireNonNull(tls, "tls");
    allowedOrigins = List.copyOf(allowedOrigins);
    requireTime("head-timeout", headTimeout);
    WireNumber.require("max-head-bytes", maxHeadBytes, MIN_HEAD_BYTES, MAX_HEAD_BYTES);
    WireNumber.require("backlog", backlog, 1, MAX_BACKLOG);
    WireNumber.require("send-buffer-bytes", sendBufferBytes, 0, MAX_BUFFER_BYTES);
    requireTime("idle-timeout", idleTimeout);
    WireNumber.require("max-connections", maxConnections, 1, MAX_CONNECTIONS);
    requireTime("shutdown-timeout", shutdownTimeout);
  }

  /**
   * Reads {@code kantele.http}.
   *
   * @param kanteleConfig the block {@code kantele} of the whole, resolved configuration
   * @throws SettingsException if a setting is missing, unknown or out of bounds, or if the host can
   *     be reached from other machines although nobody is authenticated, without {@code insecure}
   */
  public static HttpSettings from(Config kanteleConfig) {
    SettingsReader reader = SettingsReader.of(kanteleConfig, "kantele").block("http");
    reader.requireKnown(KEYS);
    String host = reader.string("host");
    boolean insecure = flag(reader, "insecure");
    if (!insecure
        && !Hosts.isLoopback(host)
        && !SecuritySettings.from(kanteleConfig).authenticates()) {
      throw new SettingsException(
          "kantele.http.host: '%s' can be reached from other machines, and nobody is authenticated (expected: 127.0.0.1, or tokens in kantele.security, or kantele.http.insecure = true)"
              .formatted(host));
    }
    return new HttpSettings(
        host,
        (int) reader.number("port", 0, MAX_PORT),
        insecure,
        tls(reader.block("tls")),
        origins(reader, "allowed-origins"),
        reader.duration("head-timeout", SHORTEST),
        (int) reader.number("max-head-bytes", MIN_HEAD_BYTES, MAX_HEAD_BYTES),
        (int) reader.number("backlog", 1, MAX_BACKLOG),
        (int) reader.number("send-buffer-bytes", 0, MAX_BUFFER_BYTES),
        reader.duration("idle-timeout", SHORTEST),
        (int) reader.number("max-connections", 1, MAX_CONNECTIONS),
        reader.duration("shutdown-timeout", SHORTEST));
  }

  /** Whether nobody but this machine itself can connect. */
  public boolean isLoopback() {
    return Hosts.isLoopback(host);
  }

  /** How a transport takes the port's connections. */
  ListenOptions listenOptions() {
    return new ListenOptions(
        backlog, maxConnections, /* halfClose= */ false, sendBufferBytes, idleTimeout);
  }

  private static boolean flag(SettingsReader reader, String key) {
    return switch (reader.string(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw reader.invalid(key, "true or false");
    };
  }

  private static Optional<TlsFiles> tls(SettingsReader reader) {
    reader.requireKnown("certificate", "key");
    Optional<Path> certificate = reader.optionalPath("certificate");
    Optional<Path> key = reader.optionalPath("key");
    if (certificate.isPresent() != key.isPresent()) {
      throw reader.invalid(
          certificate.isPresent() ? "key" : "certificate", "a file, for the other is set");
    }
    return certificate.map(chain -> new TlsFiles(chain, key.orElseThrow()));
  }

  private static List<String> origins(SettingsReader reader, String key) {
    List<String> origins = reader.strings(key);
    for (int i = 0; i < origins.size(); i++) {
      if (!OriginPolicy.isOrigin(origins.get(i))) {
        throw reader.invalidElement(key, i, "an origin such as https://app.example.com");
      }
    }
    return origins;
  }

  private static void requireTime(String key, Duration value) {
    if (value.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          key + ": " + value + " (expected: at least " + SHORTEST + ")");
    }
  }
}
