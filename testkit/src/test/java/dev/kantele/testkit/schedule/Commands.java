package dev.kantele.testkit.schedule;

import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.LogId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Commands as clients send them. */
final class Commands {
  static Command.SessionOpen open(CommandId id, SessionId session) {
    return new Command.SessionOpen(id, session, Optional.empty(), Optional.empty());
  }

  static Command.SessionAttach attach(CommandId id, SessionId session, LogId log, long after) {
    return new Command.SessionAttach(id, session, after, Optional.of(log), OptionalLong.empty());
  }

  static Command.Prompt prompt(CommandId id, SessionId session, PromptPolicy policy) {
    return new Command.Prompt(
        id,
        session,
        OptionalLong.empty(),
        List.of(new Part.Text("Go on, " + id + ".")),
        Optional.of(new TurnId("turn-" + id)),
        Optional.of(policy),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Command.Cancel cancel(CommandId id, SessionId session, TurnId turn) {
    return new Command.Cancel(
        id, session, Optional.of(turn), Optional.empty(), OptionalLong.empty());
  }

  static Command.ToolDecide decide(
      CommandId id, SessionId session, InvocationId invocation, Decision decision) {
    return new Command.ToolDecide(
        id, session, invocation, decision, Optional.empty(), Optional.empty());
  }

  private Commands() {}
}
