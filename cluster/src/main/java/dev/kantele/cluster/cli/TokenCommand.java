package dev.kantele.cluster.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Secret;
import dev.kantele.runtime.security.StaticTokens.Entry;
import dev.kantele.runtime.security.TokenHash;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a token, of which a node needs to know the hash only. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Makes a token for clients of a node.")
final class TokenCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "PRINCIPAL",
      description = "Whose token it is: sessions belong to the principal that opened them.")
  private String principal = "";

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  TokenCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Secret token = TokenHash.newToken(new SecureRandom());
    Entry entry;
    try {
      entry = new Entry(principal, TokenHash.of(token));
    } catch (IllegalArgumentException e) {
      String sentence = "PRINCIPAL is no principal: " + e.getMessage();
      throw spec == null
          ? new CliException(sentence)
          : new ParameterException(spec.commandLine(), sentence);
    }
    String line = entry.principal() + ":" + entry.hash().hex();
    Screen screen = context.screen();
    if (json) {
      screen.json(
          JsonNodeFactory.instance
              .objectNode()
              .put("token", token.reveal())
              .put("line", line)
              .toString());
    } else {
      screen.line(token.reveal());
      screen.line(line);
      screen.note(
          "The first line is the token, for the client: KANTELE_TOKEN. It is shown this once. The"
              + " second is for the node: a line of its tokens file (KANTELE_TOKENS_FILE), or"
              + " KANTELE_TOKENS.");
    }
    return ExitCode.OK;
  }
}
