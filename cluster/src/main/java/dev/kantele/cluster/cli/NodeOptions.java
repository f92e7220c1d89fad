package dev.kantele.cluster.cli;

import com.typesafe.config.Config;
import dev.kantele.cluster.node.NodeConfig;
import dev.kantele.cluster.node.NodeOption;
import dev.kantele.runtime.transport.TransportChoice;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a node, each of which is also an environment variable and a key. */
final class NodeOptions {
  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Listen on this address; default 127.0.0.1. KANTELE_HOST, kantele.http.host.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Listen on this port, 0 for any that is free; default 8080. KANTELE_PORT,"
              + " kantele.http.port.")
  private @Nullable Integer port;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description =
          "Keep everything durable in this folder; default .kantele. KANTELE_DATA, kantele.data.")
  private @Nullable String data;

  @Option(
      names = "--model",
      paramLabel = "PROVIDER/NAME",
      description =
          "The model of agents that name none; default scripted/demo. KANTELE_MODEL,"
              + " kantele.model.")
  private @Nullable String model;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read settings from this file, in HOCON. KANTELE_CONFIG.")
  private @Nullable Path config;

  @Option(
      names = "--journal",
      paramLabel = "memory|sqlite",
      description =
          "Where sessions are kept; default sqlite. KANTELE_JOURNAL, kantele.journal.kind.")
  private @Nullable JournalChoice journal;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Speak TLS with the certificates in this file, in PEM. KANTELE_TLS_CERT,"
              + " kantele.http.tls.certificate.")
  private @Nullable Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description =
          "The key of the first certificate, in PEM, without a password. KANTELE_TLS_KEY,"
              + " kantele.http.tls.key.")
  private @Nullable Path tlsKey;

  @Option(
      names = "--transport",
      paramLabel = "auto|native|portable",
      description = "What carries the port; default auto. KANTELE_TRANSPORT, kantele.transport.")
  private @Nullable TransportChoice transport;

  /** What {@code --journal} may be. */
  enum JournalChoice {
    memory,
    sqlite
  }

  /** The configuration that these options make, over the environment and the file. */
  Config config(Map<String, String> environment) {
    var options = new EnumMap<NodeOption, String>(NodeOption.class);
    put(options, NodeOption.HOST, host);
    put(options, NodeOption.PORT, port);
    put(options, NodeOption.DATA, data);
    put(options, NodeOption.MODEL, model);
    put(options, NodeOption.JOURNAL, journal);
    put(options, NodeOption.TLS_CERTIFICATE, tlsCertificate);
    put(options, NodeOption.TLS_KEY, tlsKey);
    put(options, NodeOption.TRANSPORT, transport);
    return NodeConfig.load(options, Optional.ofNullable(config), environment);
  }

  private static void put(
      Map<NodeOption, String> options, NodeOption option, @Nullable Object value) {
    if (value != null) {
      options.put(option, value.toString());
    }
  }
}
