package dev.kantele.protocol.codec;

import static dev.kantele.protocol.codec.Kind.BOOLEAN;
import static dev.kantele.protocol.codec.Kind.OBJECT;
import static dev.kantele.protocol.codec.Kind.SECRET;
import static dev.kantele.protocol.codec.Kind.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ClientId;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import java.util.Optional;

/** Reads the fields of each command, in the order of the protocol's table. */
final class CommandReader {
  static final Kind<CommandId> ID = Kind.text(CommandId.MAX_LENGTH, CommandId::new);

  private static final Kind<SessionId> SESSION = Kind.name(SessionId.MAX_LENGTH, SessionId::new);
  private static final Kind<ClientId> CLIENT = Kind.text(ClientId.MAX_LENGTH, ClientId::new);
  private static final Kind<LogId> LOG = Kind.name(LogId.MAX_LENGTH, LogId::new);
  private static final Kind<TurnId> TURN = Kind.name(TurnId.MAX_LENGTH, TurnId::new);
  private static final Kind<RequestId> REQUEST = Kind.name(RequestId.MAX_LENGTH, RequestId::new);
  private static final Kind<InvocationId> INVOCATION =
      Kind.name(InvocationId.MAX_LENGTH, InvocationId::new);
  private static final Kind<PromptPolicy> POLICY = Kind.choice(PromptPolicy.class);
  private static final Kind<Decision> DECISION = Kind.choice(Decision.class);
  private static final Kind<ToolEffect> EFFECT = Kind.choice(ToolEffect.class);
  private static final Kind<Long> FROM_ZERO = Kind.integer(0);
  private static final Kind<Long> FROM_ONE = Kind.integer(1);
  private static final Kind<Long> PAGE_LIMIT = Kind.integer(1, 1_000);
  private static final int MAX_VERSIONS = 16;

  private final CodecLimits limits;

  CommandReader(CodecLimits limits) {
    this.limits = limits;
  }

  Command read(String type, CommandId id, Fields f) throws Rejection {
    return switch (type) {
      case "hello" ->
          new Command.Hello(
              id,
              f.integers("versions", 0, MAX_VERSIONS),
              f.required("client", CLIENT),
              f.optional("token", SECRET));
      case "session.open" ->
          new Command.SessionOpen(
              id, session(f), f.optional("agent", STRING), f.optional("metadata", OBJECT));
      case "session.attach" ->
          new Command.SessionAttach(
              id,
              session(f),
              f.required("after", FROM_ZERO),
              f.optional("log", LOG),
              f.optionalLong("credit", FROM_ZERO));
      case "session.credit" ->
          new Command.SessionCredit(id, session(f), f.required("events", FROM_ONE));
      case "session.detach" -> new Command.SessionDetach(id, session(f));
      case "prompt" -> prompt(id, f);
      case "cancel" ->
          new Command.Cancel(
              id,
              session(f),
              f.optional("turn", TURN),
              f.optional("reason", STRING),
              f.optionalLong("deadline_ms", FROM_ZERO));
      case "tool.decide" ->
          new Command.ToolDecide(
              id,
              session(f),
              f.required("invocation", INVOCATION),
              f.required("decision", DECISION),
              f.optional("arguments", OBJECT),
              f.optional("reason", STRING));
      case "tool.register" ->
          new Command.ToolRegister(
              id,
              session(f),
              f.optionalLong("seq", FROM_ONE),
              f.objects("tools", 0, limits.tools(), CommandReader::tool));
      case "tool.progress" -> toolProgress(id, f);
      case "tool.result" -> toolResult(id, f);
      case "input.answer" -> inputAnswer(id, f);
      case "session.close" ->
          new Command.SessionClose(id, session(f), f.optional("reason", STRING));
      case "session.delete" ->
          new Command.SessionDelete(id, session(f), f.optional("reason", STRING));
      case "session.status" -> new Command.SessionStatus(id, session(f));
      case "session.list" ->
          new Command.SessionList(
              id, f.optionalInt("limit", PAGE_LIMIT), f.optional("page", STRING));
      case "agents.list" ->
          new Command.AgentsList(
              id, f.optionalInt("limit", PAGE_LIMIT), f.optional("page", STRING));
      case "models.list" ->
          new Command.ModelsList(
              id, f.optionalInt("limit", PAGE_LIMIT), f.optional("page", STRING));
      case "auth.refresh" -> new Command.AuthRefresh(id, f.required("token", SECRET));
      case "ping" -> new Command.Ping(id);
      case "goodbye" -> new Command.Goodbye(id);
      default -> throw Rejection.unknownType(type);
    };
  }

  private static SessionId session(Fields f) throws Rejection {
    return f.required("session", SESSION);
  }

  private Command prompt(CommandId id, Fields f) throws Rejection {
    return new Command.Prompt(
        id,
        session(f),
        f.optionalLong("seq", FROM_ONE),
        f.objects("content", 1, limits.contentParts(), PartReader::read),
        f.optional("turn", TURN),
        f.optional("policy", POLICY),
        f.optionalLong("deadline_ms", FROM_ONE),
        f.optional("model", STRING),
        f.optional("params", OBJECT),
        f.optional("output_schema", OBJECT),
        f.optional("metadata", OBJECT));
  }

  private static ToolDescription tool(Fields f) throws Rejection {
    return new ToolDescription(
        f.required("name", Kind.TOOL_NAME),
        f.required("description", STRING),
        f.required("input_schema", OBJECT),
        f.required("effect", EFFECT),
        f.optionalLong("timeout_ms", FROM_ONE));
  }

  private static Command toolProgress(CommandId id, Fields f) throws Rejection {
    Optional<String> chunk = f.optional("chunk", STRING);
    Optional<Progress> progress = f.optionalObject("progress", CommandReader::progress);
    f.requireExactlyOne("chunk", chunk.isPresent(), "progress", progress.isPresent());
    return new Command.ToolProgress(
        id, session(f), f.required("invocation", INVOCATION), chunk, progress);
  }

  private static Progress progress(Fields f) throws Rejection {
    return new Progress(
        f.optionalDouble("done"), f.optionalDouble("total"), f.optional("message", STRING));
  }

  private static Command toolResult(CommandId id, Fields f) throws Rejection {
    Optional<Failure> error = f.optionalObject("error", CommandReader::failure);
    Optional<JsonNode> output =
        error.isPresent() ? f.optional("output", Kind.ANY) : f.nullable("output");
    f.requireExactlyOne("output", output.isPresent(), "error", error.isPresent());
    return new Command.ToolResult(
        id, session(f), f.required("invocation", INVOCATION), output, error);
  }

  private static Failure failure(Fields f) throws Rejection {
    return new Failure(
        f.required("code", STRING),
        f.required("message", STRING),
        f.optional("retryable", BOOLEAN).orElse(false));
  }

  private static Command inputAnswer(CommandId id, Fields f) throws Rejection {
    Optional<JsonNode> content = f.optional("content", Kind.ANY);
    Optional<Boolean> declined = f.optional("declined", BOOLEAN);
    f.requireExactlyOne("content", content.isPresent(), "declined", declined.orElse(false));
    return new Command.InputAnswer(
        id, session(f), f.required("request", REQUEST), content, declined);
  }
}
