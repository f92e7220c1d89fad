package dev.kantele.cluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.cluster.access.AccessException;
import dev.kantele.cluster.access.SessionAccess;
import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command.InputAnswer;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.codec.WireMapper;
import java.util.List;
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

/** Answers what an agent asks. */
@Command(
    name = "answer",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Answers a question of a session's agent, or declines to.")
final class AnswerCommand implements Callable<Integer> {
  private final CliContext context;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final NodeChoice node = new NodeChoice();

  @Option(names = "--decline", description = "Say that there will be no answer.")
  private boolean decline;

  @Option(names = "--json", description = "The answer is JSON, not text.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "SESSION", description = "The session's id.")
  private String session = "";

  @Parameters(index = "1", paramLabel = "REQUEST", description = "The request's id.")
  private String request = "";

  @Parameters(index = "2..*", arity = "0..*", paramLabel = "ANSWER", description = "The answer.")
  private List<String> words = List.of();

  AnswerCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SessionId id = SessionIds.parse(spec, session);
    String text = String.join(" ", words);
    if (decline != text.isEmpty()) {
      throw misuse("give an answer, or --decline");
    }
    var answer =
        new InputAnswer(
            new CommandId(UUID.randomUUID().toString()),
            id,
            asked(),
            decline ? Optional.empty() : Optional.of(content(text)),
            decline ? Optional.of(true) : Optional.empty());
    try (SessionAccess access = node.open(context)) {
      AccessException.requireAck(access.submit(answer), AckBody.Done.class);
      context.screen().note(decline ? "Declined." : "Answered.");
      return ExitCode.OK;
    }
  }

  private RequestId asked() {
    try {
      return new RequestId(request);
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  private JsonNode content(String text) {
    if (!json) {
      return JsonNodeFactory.instance.textNode(text);
    }
    try {
      JsonNode read = WireMapper.json().readTree(text);
      if (!read.isMissingNode() && !read.isNull()) {
        return read;
      }
    } catch (JsonProcessingException e) {
      throw misuse("the answer is not JSON");
    }
    throw misuse("the answer is no value");
  }

  private RuntimeException misuse(@Nullable String sentence) {
    return spec == null
        ? new CliException(sentence == null ? "" : sentence)
        : new ParameterException(spec.commandLine(), sentence);
  }
}
