package dev.kantele.cluster.cli;

import com.typesafe.config.Config;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.client.RemoteSessions;
import dev.kantele.cluster.node.EmbeddedNode;
import dev.kantele.cluster.node.NodeConfig;
import dev.kantele.cluster.node.NodeOption;
import dev.kantele.protocol.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which node a command talks to: one at an address, or one of its own. */
final class NodeChoice {
  private static final String DEFAULT_URL = "http://127.0.0.1:8080";
  private static final String URL_VARIABLE = "KANTELE_URL";
  private static final String TOKEN_VARIABLE = "KANTELE_TOKEN";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Talk to the node at this address; default " + DEFAULT_URL + ". KANTELE_URL.")
  private @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Read the token for the node from this file. KANTELE_TOKEN is the token itself.")
  private @Nullable Path tokenFile;

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
    if (embedded && url != null) {
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
    String address =
        Optional.ofNullable(url)
            .or(() -> Optional.ofNullable(context.environment().get(URL_VARIABLE)))
            .filter(text -> !text.isBlank())
            .orElse(DEFAULT_URL);
    try {
      return RemoteSessions.connect(
          address, token(context), patience, notice -> context.screen().note("(" + notice + ")"));
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
  }

  /* No option holds the token itself: others on this machine see a process's arguments. */
  private Optional<Secret> token(CliContext context) {
    if (tokenFile == null) {
      return Optional.ofNullable(context.environment().get(TOKEN_VARIABLE))
          .filter(text -> !text.isBlank())
          .map(text -> new Secret(text.strip()));
    }
    try {
      String text = Files.readString(tokenFile).strip();
      if (text.isEmpty() || text.contains("\n")) {
        throw new CliException("token file " + tokenFile + " does not hold one token on one line");
      }
      return Optional.of(new Secret(text));
    } catch (IOException e) {
      throw new CliException("token file " + tokenFile + " can't be read");
    }
  }

  /** Whether the node is in this process, and nobody else can use its data folder. */
  boolean isEmbedded() {
    return embedded;
  }

  /** The options that choose the same node again, each followed by a space. */
  String again() {
    var options = new StringBuilder();
    if (url != null) {
      options.append("--url ").append(url).append(' ');
    }
    if (tokenFile != null) {
      options.append("--token-file ").append(tokenFile).append(' ');
    }
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

  private RuntimeException misuse(String sentence) {
    return spec == null
        ? new CliException(sentence)
        : new ParameterException(spec.commandLine(), sentence);
  }
}
