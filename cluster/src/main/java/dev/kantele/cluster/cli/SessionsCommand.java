package dev.kantele.cluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.codec.WireMapper;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists sessions. */
@Command(
    name = "sessions",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Lists the node's sessions by id.")
final class SessionsCommand implements Callable<Integer> {
  private static final int PAGE = 500;

  private final CliContext context;

  @Mixin private final NodeChoice node = new NodeChoice();

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  SessionsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    try (SessionAccess access = node.open(context)) {
      Optional<String> page = Optional.empty();
      boolean any = false;
      do {
        AckBody.Sessions sessions = access.list(PAGE, page);
        for (AckBody.SessionSummary session : sessions.sessions()) {
          print(session);
          any = true;
        }
        page = sessions.nextPage();
      } while (page.isPresent() && !context.screen().isGone());
      if (!any && !json) {
        context
            .screen()
            .note(
                "There are no sessions yet. Try: %s chat %sHello"
                    .formatted(CommandLineInterface.PROGRAM, node.again()));
      }
      return ExitCode.OK;
    }
  }

  private void print(AckBody.SessionSummary session) throws JsonProcessingException {
    if (json) {
      context.screen().json(WireMapper.json().writeValueAsString(session));
    } else {
      context.screen().line(session.session().value());
    }
  }
}
