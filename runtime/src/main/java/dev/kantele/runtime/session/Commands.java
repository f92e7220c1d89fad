package dev.kantele.runtime.session;

import dev.kantele.protocol.AckBody;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.SessionOpened;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.agent.AgentSettings;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.log.EndCause;
import dev.kantele.runtime.log.JournalRecord.CancelRemembered;
import dev.kantele.runtime.log.JournalRecord.CloseRequested;
import dev.kantele.runtime.session.Input.Commanded;
import dev.kantele.runtime.session.SessionState.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What clients ask of a session. Each command is answered exactly once, when its rows are durable.
 * Prompts are {@link Prompts}' matter.
 */
final class Commands {
  private static final long MAX_DEADLINE_MILLIS = 600_000;

  private final Catalog catalog;
  private final AgentLoop loop;
  private final Supplier<LogId> newLog;
  private final Prompts prompts;
  private final ClientTools clientTools;

  Commands(Catalog catalog, AgentLoop loop, ClientTools clientTools, Supplier<LogId> newLog) {
    this.clientTools = clientTools;
    this.catalog = catalog;
    this.loop = loop;
    this.newLog = newLog;
    this.prompts = new Prompts(catalog, loop);
  }

  void handle(Draft draft, Commanded commanded) {
    var answer = new Answers(draft, commanded);
    if (commanded.command() instanceof Command.SessionOpen open) {
      open(draft, commanded, open, answer);
      return;
    }
    Identity identity = draft.state().identity().orElse(null);
    if (identity == null) {
      answer.nack(
          ErrorCode.SESSION_NOT_FOUND, "there is no session " + commanded.command().session());
    } else if (!identity.owner().equals(commanded.client().principal())) {
      answer.nack(ErrorCode.FORBIDDEN, "the session belongs to somebody else");
    } else {
      handle(draft, commanded, identity, answer);
    }
  }

  private void handle(Draft draft, Commanded commanded, Identity identity, Answers answer) {
    ClientKey client = commanded.client();
    clientTools.heard(draft, client);
    switch (commanded.command()) {
      case Command.SessionOpen open -> open(draft, commanded, open, answer);
      case Command.SessionAttach attach -> attach(draft, attach, identity, answer);
      case Command.SessionCredit _ -> answer.done();
      case Command.SessionDetach _ -> answer.done();
      case Command.Prompt prompt -> prompts.prompt(draft, commanded.client(), prompt, answer);
      case Command.Cancel cancel -> cancel(draft, cancel, answer);
      case Command.ToolRegister register -> clientTools.register(draft, client, register, answer);
      case Command.ToolDecide decide -> loop.calls().approvals().decide(draft, decide, answer);
      case Command.ToolProgress progress -> clientTools.progress(draft, client, progress, answer);
      case Command.ToolResult result -> clientTools.result(draft, client, result, answer);
      case Command.InputAnswer input -> loop.calls().inputs().answer(draft, input, answer);
      case Command.SessionClose close -> close(draft, close.reason(), /* erase= */ false, answer);
      case Command.SessionDelete delete -> close(draft, delete.reason(), /* erase= */ true, answer);
      case Command.SessionStatus _ -> answer.ack(status(draft, commanded, identity));
    }
  }

  private void open(Draft draft, Commanded commanded, Command.SessionOpen open, Answers answer) {
    Identity identity = draft.state().identity().orElse(null);
    if (identity == null) {
      create(draft, commanded, open, answer);
    } else if (!identity.owner().equals(commanded.client().principal())) {
      answer.nack(ErrorCode.FORBIDDEN, "the session belongs to somebody else");
    } else if (draft.state().closed() || draft.state().closing().isPresent()) {
      answer.nack(ErrorCode.SESSION_CLOSED, "session " + open.session() + " is closed");
    } else {
      answer.ack(
          new AckBody.Opened(
              /* created= */ false, identity.log(), draft.lastSeq(), nextSeq(draft, commanded)));
    }
  }

  private void create(Draft draft, Commanded commanded, Command.SessionOpen open, Answers answer) {
    String agent = open.agent().orElse(catalog.defaultAgent());
    Optional<AgentSettings> found = catalog.agent(agent);
    if (found.isEmpty()) {
      answer.nack(ErrorCode.AGENT_NOT_FOUND, "there is no agent '" + agent + "'");
      return;
    }
    LogId log = newLog.get();
    draft.emit(new SessionOpened(log, agent, open.metadata(), commanded.client().principal()));
    answer.ack(
        new AckBody.Opened(/* created= */ true, log, draft.lastSeq(), nextSeq(draft, commanded)));
  }

  private static void attach(
      Draft draft, Command.SessionAttach attach, Identity identity, Answers answer) {
    if (attach.log().filter(log -> !log.equals(identity.log())).isPresent()) {
      answer.nack(
          ErrorCode.CURSOR_UNKNOWN,
          "log: " + attach.log().get() + " (expected: " + identity.log() + ")");
    } else if (attach.after() > draft.lastSeq()) {
      answer.nack(
          ErrorCode.CURSOR_UNKNOWN,
          "after: " + attach.after() + " (expected: 0.." + draft.lastSeq() + ")");
    } else {
      answer.ack(
          new AckBody.Attached(
              identity.log(), draft.lastSeq(), nextSeq(draft, answer.commanded())));
    }
  }

  private void cancel(Draft draft, Command.Cancel cancel, Answers answer) {
    SessionState state = draft.state();
    if (cancel.deadlineMs().orElse(0) > MAX_DEADLINE_MILLIS) {
      answer.nack(
          ErrorCode.INVALID_ARGUMENT,
          "deadline_ms: "
              + cancel.deadlineMs().getAsLong()
              + " (expected: 0.."
              + MAX_DEADLINE_MILLIS
              + ")");
      return;
    }
    Optional<TurnId> running = state.turn().map(turn -> turn.request().turn());
    Optional<TurnId> target = cancel.turn().or(() -> running);
    if (target.isEmpty()) {
      answer.nack(ErrorCode.TURN_NOT_FOUND, "no turn is running");
      return;
    }
    TurnId turn = target.get();
    if (running.filter(turn::equals).isPresent()) {
      cancelRunning(draft, cancel);
    } else if (state.queue().stream().anyMatch(request -> request.turn().equals(turn))) {
      draft.emit(new TurnCancelled(turn, cancel.reason(), List.of(), /* rolledBack= */ false));
    } else if (!state.ended().contains(turn)
        && !state.cancelledAhead().contains(turn)
        && !state.closed()) {
      draft.note(new CancelRemembered(turn));
    }
    answer.done();
  }

  private void cancelRunning(Draft draft, Command.Cancel cancel) {
    Duration within = deadline(cancel.deadlineMs()).orElse(loop.limits(draft).cancelDeadline());
    loop.ending().endWithin(draft, new EndCause.Cancelled(cancel.reason()), within);
  }

  private static Optional<Duration> deadline(OptionalLong millis) {
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }

  private void close(Draft draft, Optional<String> reason, boolean erase, Answers answer) {
    SessionState state = draft.state();
    boolean wished =
        state.closing().filter(closing -> closing.erase() || !erase).isPresent() || state.closed();
    if (wished && !(erase && state.closed())) {
      answer.done();
      return;
    }
    draft.note(new CloseRequested(reason, erase));
    if (state.closed()) {
      loop.erase(draft);
    } else if (state.turn().isPresent()) {
      loop.ending()
          .endWithin(
              draft,
              new EndCause.Cancelled(Optional.of("the session was closed")),
              loop.limits(draft).cancelDeadline());
    } else {
      loop.next(draft);
    }
    answer.done();
  }

  private static AckBody.Status status(Draft draft, Commanded commanded, Identity identity) {
    SessionState state = draft.state();
    var turns = new ArrayList<AckBody.TurnStatus>();
    state
        .turn()
        .ifPresent(
            turn ->
                turns.add(
                    new AckBody.TurnStatus(
                        turn.request().turn(),
                        turn.ending().isPresent() ? "cancelling" : "running")));
    state.queue().forEach(request -> turns.add(new AckBody.TurnStatus(request.turn(), "queued")));
    return new AckBody.Status(
        identity.log(),
        draft.lastSeq(),
        nextSeq(draft, commanded),
        identity.agent(),
        state.closed(),
        turns,
        Pending.of(state));
  }

  private static long nextSeq(Draft draft, Commanded commanded) {
    return draft.state().clients().of(commanded.client()).next();
  }
}
