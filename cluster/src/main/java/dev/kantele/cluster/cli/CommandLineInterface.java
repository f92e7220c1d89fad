package dev.kantele.cluster.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads a command line, does what it says, and tells what became of it. */
public final class CommandLineInterface {
  /** The name by which people start it. */
  static final String PROGRAM = "./kantele";

  @Command(
      name = PROGRAM,
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      sortOptions = false,
      synopsisSubcommandLabel = "COMMAND",
      header = "Runs AI-agent sessions: ordered, durable, resumable.",
      footer = "%nEach command explains its options: " + PROGRAM + " COMMAND --help")
  private static final class Root implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      if (spec != null) {
        throw new ParameterException(spec.commandLine(), "a command is missing");
      }
    }
  }

  /** Runs a command with the process's own streams and returns the exit code. */
  public static int run(String[] args, Map<String, String> environment) {
    Logging.configure(environment);
    return run(args, new CliContext(environment, System.in, Screen.standard(environment)));
  }

  static int run(String[] args, CliContext context) {
    return commandLine(context).execute(args);
  }

  static CommandLine commandLine(CliContext context) {
    Screen screen = context.screen();
    CommandLine line =
        new CommandLine(new Root())
            .addSubcommand(new ServeCommand(context))
            .addSubcommand(new ChatCommand(context))
            .addSubcommand(new TailCommand(context))
            .addSubcommand(new SessionsCommand(context))
            .addSubcommand(new ApproveCommand(context))
            .addSubcommand(new AnswerCommand(context))
            .addSubcommand(new TokenCommand(context))
            .addSubcommand(new DoctorCommand(context))
            .addSubcommand(new LoopStatsCommand(context))
            .addSubcommand(
                new CommandLine(new BenchCommand()).addSubcommand(new WsEchoCommand(context)));
    return line.setOut(writer(screen.out()))
        .setErr(writer(screen.err()))
        .setUsageHelpWidth(100)
        .setUsageHelpLongOptionsMaxWidth(30)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> misused(screen, e))
        .setExecutionExceptionHandler((e, _, _) -> failed(screen, e));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, /* autoFlush= */ true, stream.charset());
  }

  private static int misused(Screen screen, ParameterException e) {
    screen.note("kantele: " + e.getMessage());
    screen.note("Try: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static int failed(Screen screen, Exception e) {
    LoggerFactory.getLogger(CommandLineInterface.class).debug("failed", e);
    screen.note("kantele: " + Failures.sentence(e));
    return ExitCode.FAILED;
  }

  private CommandLineInterface() {}
}
