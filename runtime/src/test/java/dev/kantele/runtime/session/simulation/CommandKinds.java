package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.log.ClientKey;
import dev.kantele.runtime.session.OpenCall;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.simulation.Message.Submitted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What it means for a session that a command comes. */
final class CommandKinds {
  private final Set<Key> seen = new HashSet<>();

  private record Key(ClientKey client, CommandId id) {}

  List<Mishap> of(Submitted submitted, SessionState state, Books books) {
    var kinds = new ArrayList<Mishap>();
    if (!seen.add(new Key(submitted.client(), submitted.command().id()))) {
      kinds.add(Mishap.COMMAND_REPEATED);
    }
    if (state
        .identity()
        .filter(identity -> !identity.owner().equals(submitted.client().principal()))
        .isPresent()) {
      kinds.add(Mishap.STRANGER);
      return kinds;
    }
    kind(submitted.command(), books).ifPresent(kinds::add);
    if (submitted.command() instanceof Command.ToolDecide decide) {
      kinds.add(kind(decide, state));
    }
    if (submitted.command() instanceof Command.ToolRegister) {
      kinds.add(Mishap.TOOLS_REGISTERED);
    }
    if (submitted.command() instanceof Command.ToolResult result) {
      boolean runs =
          state
              .turn()
              .flatMap(turn -> turn.call(result.invocation()))
              .filter(OpenCall::isRunningElsewhere)
              .isPresent();
      kinds.add(runs ? Mishap.CLIENT_TOOL_ANSWERS : Mishap.CLIENT_TOOL_TOO_LATE);
    }
    if (submitted.command() instanceof Command.InputAnswer answer) {
      kinds.add(kind(answer, state));
    }
    if (submitted.command() instanceof Command.Numbered prompt
        && prompt.seq().isPresent()
        && prompt.seq().getAsLong() != books.replies().next(submitted.client())) {
      kinds.add(Mishap.WRONG_NUMBER);
    }
    return kinds;
  }

  private static Optional<Mishap> kind(Command.OfSession command, Books books) {
    return switch (command) {
      case Command.Prompt prompt -> Optional.of(kind(prompt.policy().orElse(PromptPolicy.ENQUEUE)));
      case Command.Cancel cancel -> Optional.of(kind(cancel, books));
      case Command.SessionClose _ -> Optional.of(Mishap.CLOSE);
      case Command.SessionDelete _ -> Optional.of(Mishap.DELETE);
      case Command.SessionOpen _,
          Command.SessionAttach _,
          Command.SessionCredit _,
          Command.SessionDetach _,
          Command.ToolDecide _,
          Command.ToolRegister _,
          Command.ToolProgress _,
          Command.ToolResult _,
          Command.InputAnswer _,
          Command.SessionStatus _ ->
          Optional.empty();
    };
  }

  private static Mishap kind(Command.ToolDecide decide, SessionState state) {
    boolean waits =
        state.turn().stream()
            .flatMap(turn -> turn.calls().stream())
            .anyMatch(
                call -> call.isAwaitingApproval() && call.invocation().equals(decide.invocation()));
    if (!waits) {
      return Mishap.DECISION_TOO_LATE;
    }
    if (decide.decision() == Decision.DENY) {
      return Mishap.APPROVAL_DENIED;
    }
    return decide.arguments().isPresent()
        ? Mishap.APPROVAL_GIVEN_FOR_OTHER_ARGUMENTS
        : Mishap.APPROVAL_GIVEN;
  }

  private static Mishap kind(Command.InputAnswer answer, SessionState state) {
    boolean waits =
        state.turn().stream()
            .flatMap(turn -> turn.calls().stream())
            .anyMatch(
                call ->
                    call.isWaiting()
                        && !call.isAwaitingApproval()
                        && call.invocation().value().equals(answer.request().value()));
    if (!waits) {
      return Mishap.ANSWER_TOO_LATE;
    }
    return answer.content().isPresent() ? Mishap.QUESTION_ANSWERED : Mishap.QUESTION_DECLINED;
  }

  private static Mishap kind(PromptPolicy policy) {
    return switch (policy) {
      case ENQUEUE -> Mishap.PROMPT_ENQUEUE;
      case REJECT -> Mishap.PROMPT_REJECT;
      case INTERRUPT -> Mishap.PROMPT_INTERRUPT;
      case STEER -> Mishap.PROMPT_STEER;
      case ROLLBACK -> Mishap.PROMPT_ROLLBACK;
    };
  }

  private static Mishap kind(Command.Cancel cancel, Books books) {
    Optional<TurnId> turn = cancel.turn();
    if (turn.isPresent() && !books.turns().knows(turn.get())) {
      return Mishap.CANCEL_AHEAD;
    }
    return cancel.deadlineMs().orElse(-1) == 0 ? Mishap.CANCEL_AT_ONCE : Mishap.CANCEL;
  }
}
