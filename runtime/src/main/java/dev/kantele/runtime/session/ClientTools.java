package dev.kantele.runtime.session;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.ToolDescription;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.JournalRecord.ClientHeard;
import dev.kantele.runtime.log.JournalRecord.ToolsRegistered;
import dev.kantele.runtime.session.Input.ToolOutcome;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.AskUserTool;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The tools that clients run: what they offer, what they answer, and what if they don't. */
final class ClientTools {
  /** How many tools one client may offer. */
  static final int MAX_TOOLS = 64;

  /** How many clients may offer tools to one session. */
  static final int MAX_CLIENTS = 16;

  /** The most characters of a tool's description, and of its schema as JSON. */
  static final int MAX_CHARACTERS = 32 * 1_024;

  private final Catalog catalog;
  private final AgentLoop loop;
  private final LiveEvents liveEvents;

  ClientTools(Catalog catalog, AgentLoop loop, LiveEvents liveEvents) {
    this.catalog = catalog;
    this.loop = loop;
    this.liveEvents = liveEvents;
  }

  /** Takes in a client's tools, in place of those that it named before. */
  void register(Draft draft, ClientKey client, Command.ToolRegister register, Answers answer) {
    if (!answer.isInTurn(register.seq())) {
      return;
    }
    SessionState state = draft.state();
    if (state.closed() || state.closing().isPresent()) {
      answer.nack(ErrorCode.SESSION_CLOSED, "session " + register.session() + " is closed");
      return;
    }
    Optional<WireError> fault = fault(draft, client, register.tools());
    if (fault.isPresent()) {
      answer.nack(fault.get());
      return;
    }
    boolean numbered = register.seq().isPresent();
    long next = state.clients().of(client).next() + (numbered ? 1 : 0);
    List<ToolDescription> tools = register.tools().stream().map(this::limited).toList();
    draft.note(new ToolsRegistered(client, tools));
    answer.remember(new AckBody.ToolsRegistered(tools.size(), next), numbered);
  }

  private ToolDescription limited(ToolDescription tool) {
    OptionalLong limit =
        tool.timeoutMs().isPresent()
            ? tool.timeoutMs()
            : OptionalLong.of(catalog.clientTools().timeout().toMillis());
    return new ToolDescription(
        tool.name(), tool.description(), tool.inputSchema(), tool.effect(), limit);
  }

  private Optional<WireError> fault(Draft draft, ClientKey client, List<ToolDescription> tools) {
    if (tools.size() > MAX_TOOLS) {
      return tooMuch("tools: " + tools.size() + " (expected: at most " + MAX_TOOLS + ")");
    }
    long others =
        draft.state().offers().stream()
            .map(ToolOffer::client)
            .filter(other -> !other.equals(client))
            .distinct()
            .count();
    if (!tools.isEmpty() && others >= MAX_CLIENTS) {
      return tooMuch(others + " clients offer tools (expected: at most " + MAX_CLIENTS + ")");
    }
    var names = new HashSet<String>();
    for (ToolDescription tool : tools) {
      Optional<WireError> fault =
          names.add(tool.name())
              ? fault(draft, client, tool)
              : wrong("tools: '" + tool.name() + "' is there twice (expected: one of each name)");
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private Optional<WireError> fault(Draft draft, ClientKey client, ToolDescription tool) {
    if (isTaken(draft, client, tool.name())) {
      return wrong("name: '" + tool.name() + "' (expected: one that no other tool here has)");
    }
    int characters = Math.max(tool.description().length(), tool.inputSchema().toString().length());
    if (characters > MAX_CHARACTERS) {
      return tooMuch(
          "tool '%s': %d characters (expected: at most %d)"
              .formatted(tool.name(), characters, MAX_CHARACTERS));
    }
    Duration max = catalog.clientTools().maxTimeout();
    if (tool.timeoutMs().orElse(1) > max.toMillis()) {
      return wrong(
          "timeout_ms: %d (expected: 1..%d)"
              .formatted(tool.timeoutMs().getAsLong(), max.toMillis()));
    }
    return ArgumentValidator.compile(tool.inputSchema())
            instanceof ArgumentValidator.Compilation.Refused(var reason)
        ? wrong("tool '" + tool.name() + "': " + reason)
        : Optional.empty();
  }

  private boolean isTaken(Draft draft, ClientKey client, String name) {
    return name.equals(AskUserTool.NAME)
        || loop.agent(draft).map(AgentSettings::tools).orElse(List.of()).contains(name)
        || draft.state().offer(name).filter(offer -> !offer.client().equals(client)).isPresent();
  }

  private static Optional<WireError> wrong(String message) {
    return Optional.of(WireError.of(ErrorCode.INVALID_ARGUMENT, message));
  }

  private static Optional<WireError> tooMuch(String message) {
    return Optional.of(WireError.of(ErrorCode.LIMIT_EXCEEDED, message));
  }

  /** Remembers, once a call, that the client that runs it is there. */
  void heard(Draft draft, ClientKey client) {
    boolean news =
        draft.state().turn().stream()
            .flatMap(turn -> turn.calls().stream())
            .anyMatch(call -> call.isRunningElsewhere() && !call.heard() && isOf(call, client));
    if (news) {
      draft.note(new ClientHeard(client));
    }
  }

  private static boolean isOf(OpenCall call, ClientKey client) {
    return call.runsOn().filter(offer -> offer.client().equals(client)).isPresent();
  }

  /** Shows what a client's tool says while it runs. */
  void progress(Draft draft, ClientKey client, Command.ToolProgress progress, Answers answer) {
    Optional<OpenCall> call = running(draft, client, progress.invocation(), answer);
    if (call.isPresent()) {
      liveEvents.toolSaid(
          draft,
          new Input.ToolSaid(
              progress.invocation(), call.get().attempt(), progress.chunk(), progress.progress()));
      answer.done();
    }
  }

  /** Ends a call as its client says. */
  void result(Draft draft, ClientKey client, Command.ToolResult result, Answers answer) {
    if (answer.isRepeated()) {
      return;
    }
    Optional<OpenCall> call = running(draft, client, result.invocation(), answer);
    if (call.isPresent()) {
      loop.calls().results().given(draft, call.get(), result);
      answer.rememberDone();
      loop.afterCall(draft);
    }
  }

  /** The call if {@code client} runs it; else the command is refused. */
  private static Optional<OpenCall> running(
      Draft draft, ClientKey client, InvocationId invocation, Answers answer) {
    Optional<OpenCall> call =
        draft
            .state()
            .turn()
            .flatMap(turn -> turn.call(invocation))
            .filter(open -> !open.hasEnded() && !open.isAnswered());
    if (call.isEmpty()) {
      if (draft.state().knows(invocation)) {
        answer.nack(ErrorCode.ALREADY_DECIDED, "tool call " + invocation + " has ended");
      } else {
        answer.nack(ErrorCode.INVOCATION_NOT_FOUND, "there is no tool call " + invocation);
      }
      return Optional.empty();
    }
    if (!call.get().isRunningElsewhere() || !isOf(call.get(), client)) {
      answer.nack(
          ErrorCode.FORBIDDEN, "tool call " + invocation + " is not run by " + client.client());
      return Optional.empty();
    }
    return call;
  }

  /** Ends a call that was not answered in time, and the offers of a client that is gone. */
  void outOfTime(Draft draft, InvocationId invocation) {
    OpenCall call =
        draft
            .state()
            .turn()
            .flatMap(turn -> turn.call(invocation))
            .filter(OpenCall::isRunningElsewhere)
            .orElse(null);
    if (call == null) {
      return;
    }
    ClientKey client = call.runsOn().orElseThrow().client();
    loop.calls().end(draft, call, new ToolOutcome.TimedOut(/* undone= */ false));
    boolean offers =
        draft.state().offers().stream().anyMatch(offer -> offer.client().equals(client));
    if (offers && !call.heard()) {
      draft.note(new ToolsRegistered(client, List.of()));
    }
    loop.afterCall(draft);
  }
}
