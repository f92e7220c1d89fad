package dev.kantele.cluster.cli;

import dev.kantele.protocol.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The address of the node that a command talks to, and what makes the command known to it. */
class NodeUrl {
  private static final String DEFAULT_URL = "http://127.0.0.1:8080";
  private static final String URL_VARIABLE = "KANTELE_URL";
  private static final String TOKEN_VARIABLE = "KANTELE_TOKEN";

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

  /** The address, by option, variable or default; it may be none. */
  final String address(CliContext context) {
    return Optional.ofNullable(url)
        .or(() -> Optional.ofNullable(context.environment().get(URL_VARIABLE)))
        .filter(text -> !text.isBlank())
        .orElse(DEFAULT_URL);
  }

  /* No option holds the token itself: others on this machine see a process's arguments. */
  final Optional<Secret> token(CliContext context) {
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

  final boolean isUrlGiven() {
    return url != null;
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
    return options.toString();
  }

  /** That the command line is wrong, and how. */
  final RuntimeException misuse(String sentence) {
    return spec == null
        ? new CliException(sentence)
        : new ParameterException(spec.commandLine(), sentence);
  }
}
