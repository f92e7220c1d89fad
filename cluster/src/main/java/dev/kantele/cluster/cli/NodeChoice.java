package dev.kantele.cluster.cli;

import com.typesafe.config.Config;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.client.RemoteSessions;
import dev.kantele.cluster.node.EmbeddedNode;
import dev.kantele.cluster.node.NodeConfig;
import dev.kantele.cluster.node.NodeOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which node a command talks to: one at an address, or one of its own. */
final class NodeChoice extends NodeUrl {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(
      names = "--embedded",
      description = "Run a node inside this process instead, on its data folder, without a port.")
  private boolean embedded;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "With --embedded: the node's data folder. KANTELE_DATA.")
  private @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "With --embedded: the node's configuration. KANTELE_CONFIG.")
  private @Nullable Path config;

  /** The way to the node's sessions, for a command that does not outlast a node for long. */
  SessionAccess open(CliContext context) {
    return open(context, PATIENCE);
  }

  /** The way to the node's sessions; one that goes away is waited for. */
  SessionAccess open(CliContext context, Duration patience) {
    if (embedded && isUrlGiven()) {
      throw misuse("--url and --embedded exclude each other");
    }
    if (!embedded && (data != null || config != null)) {
      throw misuse("--data and --config are for --embedded; a node that serves has its own");
    }
    return embedded ? EmbeddedNode.start(config(context)) : connect(context, patience);
  }

  private Config config(CliContext context) {
    var options = new EnumMap<NodeOption, String>(NodeOption.class);
    if (data != null) {
      options.put(NodeOption.DATA, data);
    }
    return NodeConfig.load(options, Optional.ofNullable(config), context.environment());
  }

  private SessionAccess connect(CliContext context, Duration patience) {
    try {
      return RemoteSessions.connect(
          address(context),
          token(context),
          patience,
          notice -> context.screen().note("(" + notice + ")"));
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
  }

  /** Whether the node is in this process, and nobody else can use its data folder. */
  boolean isEmbedded() {
    return embedded;
  }

  @Override
  String again() {
    var options = new StringBuilder(super.again());
    if (embedded) {
      options.append("--embedded ");
    }
    if (data != null) {
      options.append("--data ").append(data).append(' ');
    }
    if (config != null) {
      options.append("--config ").append(config).append(' ');
    }
    return options.toString();
  }
}
