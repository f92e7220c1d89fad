package dev.kantele.cluster.cli;

import dev.kantele.cluster.access.Received;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.access.Subscription;
import dev.kantele.cluster.render.TailLine;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.WireNumber;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a session's log. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Prints a session's events, and follows them if asked.")
final class TailCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final NodeChoice node = new NodeChoice();

  @Option(
      names = "--after",
      paramLabel = "N",
      description = "Begin after this number; default 0, the log's begin.")
  private long after;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what happens from now on.")
  private boolean follow;

  @Option(names = "--json", description = "Print the events, a JSON object a line.")
  private boolean json;

  @Parameters(paramLabel = "SESSION", description = "The session's id.")
  private String session = "";

  TailCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SessionId id = SessionIds.parse(spec, session);
    if (spec != null && (after < 0 || after > WireNumber.MAX)) {
      throw new ParameterException(
          spec.commandLine(), "--after: %d (expected: 0..%d)".formatted(after, WireNumber.MAX));
    }
    try (SessionAccess access = node.open(context)) {
      print(access.attach(id, after, Optional.empty()));
      return ExitCode.OK;
    }
  }

  private void print(Subscription events) {
    Screen screen = context.screen();
    var lines = new TailLine(screen.style());
    long seq = after;
    while ((follow || seq < events.lastSeqAtStart()) && !screen.isGone()) {
      Received received = events.next();
      if (json) {
        screen.json(received.json());
      } else {
        screen.line(lines.render(received.event()));
      }
      seq = received.event().seq();
      if (received.event().body() instanceof EventBody.SessionClosed) {
        return;
      }
    }
  }
}
