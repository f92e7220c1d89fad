package dev.kantele.cluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command.ToolDecide;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireMapper;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Decides on a tool call that waits. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Allows a tool call that waits for a decision, or denies it.")
final class ApproveCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final NodeChoice node = new NodeChoice();

  @Option(names = "--deny", description = "Deny it instead.")
  private boolean deny;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the model is told.")
  private @Nullable String reason;

  @Option(
      names = "--arguments",
      paramLabel = "JSON",
      description = "Allow it with these arguments, in place of the model's.")
  private @Nullable String arguments;

  @Parameters(index = "0", paramLabel = "SESSION", description = "The session's id.")
  private String session = "";

  @Parameters(index = "1", paramLabel = "INVOCATION", description = "The tool call's id.")
  private String invocation = "";

  ApproveCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SessionId id = SessionIds.parse(spec, session);
    var decide =
        new ToolDecide(
            new CommandId(UUID.randomUUID().toString()),
            id,
            call(invocation),
            deny ? Decision.DENY : Decision.APPROVE,
            edited(),
            Optional.ofNullable(reason));
    try (SessionAccess access = node.open(context)) {
      AccessException.requireAck(access.submit(decide), AckBody.Done.class);
      context.screen().note(deny ? "Denied." : "Allowed.");
      return ExitCode.OK;
    }
  }

  private InvocationId call(String text) {
    try {
      return new InvocationId(text);
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  private Optional<JsonNode> edited() {
    if (arguments == null) {
      return Optional.empty();
    }
    try {
      JsonNode read = WireMapper.json().readTree(arguments);
      if (read.isObject()) {
        return Optional.of(read);
      }
    } catch (JsonProcessingException e) {
      throw misuse("--arguments: not JSON (expected: a JSON object)");
    }
    throw misuse("--arguments: not an object (expected: a JSON object)");
  }

  private RuntimeException misuse(@Nullable String sentence) {
    return spec == null
        ? new CliException(sentence == null ? "" : sentence)
        : new ParameterException(spec.commandLine(), sentence);
  }
}
