package dev.kantele.cluster.cli;

import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.cluster.chat.ChatOptions;
import dev.kantele.cluster.chat.Left;
import dev.kantele.cluster.chat.TerminalChat;
import dev.kantele.protocol.SessionId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends one prompt and shows what comes of it, or talks with a user at a terminal. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Talks with a session, one prompt or as many as are typed.")
final class ChatCommand implements Callable<Integer> {
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(5);

  /** A machine that sleeps over a weekend. */
  private static final Duration PATIENCE = Duration.ofDays(7);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final CliContext context;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final NodeChoice node = new NodeChoice();

  @Option(
      names = "--session",
      paramLabel = "ID",
      description = "Open this session, or go on with it; default a new one.")
  private @Nullable String session;

  @Option(
      names = "--agent",
      paramLabel = "NAME",
      description = "The agent of a new session; default the node's default agent.")
  private @Nullable String agent;

  @Option(
      names = "--model",
      paramLabel = "PROVIDER/NAME",
      description = "The model for the prompts; default the agent's.")
  private @Nullable String model;

  @Option(
      names = "--no-history",
      description = "At a terminal: neither read nor keep what was typed in earlier chats.")
  private boolean noHistory;

  @Option(names = "--json", description = "Print the events, a JSON object a line.")
  private boolean json;

  @Parameters(
      paramLabel = "PROMPT",
      arity = "0..*",
      description =
          "What to say; without it, standard input is read, and a terminal makes it a conversation.")
  private List<String> words = List.of();

  ChatCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SessionId id = SessionIds.parse(spec, session == null ? newName() : session);
    if (words.isEmpty() && isAtTerminal()) {
      return converse(id);
    }
    String prompt = Prompt.read(words, context.in(), Terminal.isTerminal(Terminal.STDIN));
    if (prompt.isEmpty()) {
      throw misuse("the prompt is empty; give it as an argument or pipe it in");
    }
    var request =
        new ChatRun.Request(
            id,
            Optional.ofNullable(agent),
            Optional.ofNullable(model),
            prompt,
            json,
            node.isEmbedded() ? Optional.empty() : Optional.of(node.again()));
    try (SessionAccess access = node.open(context)) {
      var run = new ChatRun(access, request, context.screen());
      try (var _ = new EndOfProcess(run::cancel, CANCEL_LIMIT, OptionalInt.empty())) {
        return finish(run, id);
      }
    }
  }

  private boolean isAtTerminal() {
    return !json && Terminal.isTerminal(Terminal.STDIN) && Terminal.isTerminal(Terminal.STDOUT);
  }

  private int converse(SessionId id) {
    var options =
        new ChatOptions(
            Optional.ofNullable(agent),
            Optional.ofNullable(model),
            noHistory ? Optional.empty() : Optional.of(HistoryFile.in(context.environment())),
            context.screen().style());
    try {
      Left left =
          TerminalChat.run(
              notices -> node.open(context.with(context.screen().withNotes(notices)), PATIENCE),
              options,
              Failures::sentence,
              id,
              () -> new SessionId(newName()));
      left.session().ifPresent(last -> goOn(last, ""));
      return switch (left.why()) {
        case ASKED -> ExitCode.OK;
        case INTERRUPTED -> ExitCode.INTERRUPTED;
        case LOST -> ExitCode.FAILED;
      };
    } catch (IOException _) {
      throw new CliException("the terminal can't be used; give the prompt as an argument");
    }
  }

  private int finish(ChatRun run, SessionId id) {
    boolean completed = run.run();
    if (!json) {
      context.screen().note("");
      goOn(id, context.screen().noteStyle().unicode() ? " \"…\"" : " \"...\"");
    }
    return completed ? ExitCode.OK : ExitCode.FAILED;
  }

  private void goOn(SessionId id, String prompt) {
    Screen screen = context.screen();
    screen.note("Session %s. Go on with:".formatted(id));
    screen.note(
        "  %s chat %s--session %s%s"
            .formatted(CommandLineInterface.PROGRAM, node.again(), id, prompt));
  }

  private static String newName() {
    return "chat-" + Long.toString(RANDOM.nextLong(1L << 40) + (1L << 40), Character.MAX_RADIX);
  }

  private RuntimeException misuse(String sentence) {
    return spec == null
        ? new CliException(sentence)
        : new ParameterException(spec.commandLine(), sentence);
  }
}
