package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Commands, as a client makes them. */
final class Commanding {
  static Command.SessionOpen open(String id) {
    return new Command.SessionOpen(
        new CommandId(id), TestSession.ID, Optional.empty(), Optional.empty());
  }

  static Command.SessionAttach attach(String id, long after) {
    return new Command.SessionAttach(
        new CommandId(id), TestSession.ID, after, Optional.empty(), OptionalLong.empty());
  }

  /** A prompt of a turn with its own name as its text; {@code seq} 0 for none. */
  static Command.Prompt prompt(String id, long seq, String turn, PromptPolicy policy) {
    return new Command.Prompt(
        new CommandId(id),
        TestSession.ID,
        seq == 0 ? OptionalLong.empty() : OptionalLong.of(seq),
        List.of(new Part.Text(turn)),
        Optional.of(new TurnId(turn)),
        Optional.of(policy),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Command.Prompt within(Command.Prompt prompt, long deadlineMillis) {
    return new Command.Prompt(
        prompt.id(),
        prompt.session(),
        prompt.seq(),
        prompt.content(),
        prompt.turn(),
        prompt.policy(),
        OptionalLong.of(deadlineMillis),
        prompt.model(),
        prompt.params(),
        prompt.outputSchema(),
        prompt.metadata());
  }

  static Command.Prompt withModel(Command.Prompt prompt, String model) {
    return new Command.Prompt(
        prompt.id(),
        prompt.session(),
        prompt.seq(),
        prompt.content(),
        prompt.turn(),
        prompt.policy(),
        prompt.deadlineMs(),
        Optional.of(model),
        prompt.params(),
        prompt.outputSchema(),
        prompt.metadata());
  }

  static Command.Prompt withOutput(Command.Prompt prompt, JsonNode schema) {
    return new Command.Prompt(
        prompt.id(),
        prompt.session(),
        prompt.seq(),
        prompt.content(),
        prompt.turn(),
        prompt.policy(),
        prompt.deadlineMs(),
        prompt.model(),
        prompt.params(),
        Optional.of(schema),
        prompt.metadata());
  }

  static Command.Prompt unnamed(Command.Prompt prompt) {
    return new Command.Prompt(
        prompt.id(),
        prompt.session(),
        prompt.seq(),
        prompt.content(),
        Optional.empty(),
        prompt.policy(),
        prompt.deadlineMs(),
        prompt.model(),
        prompt.params(),
        prompt.outputSchema(),
        prompt.metadata());
  }

  /** Cancels the running turn. */
  static Command.Cancel cancel(String id) {
    return new Command.Cancel(
        new CommandId(id),
        TestSession.ID,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty());
  }

  static Command.Cancel cancel(String id, String turn) {
    return new Command.Cancel(
        new CommandId(id),
        TestSession.ID,
        Optional.of(new TurnId(turn)),
        Optional.empty(),
        OptionalLong.empty());
  }

  static Command.Cancel cancelWithin(String id, long deadlineMillis) {
    return new Command.Cancel(
        new CommandId(id),
        TestSession.ID,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(deadlineMillis));
  }

  static Command.SessionClose close(String id) {
    return new Command.SessionClose(new CommandId(id), TestSession.ID, Optional.empty());
  }

  static Command.SessionDelete delete(String id) {
    return new Command.SessionDelete(new CommandId(id), TestSession.ID, Optional.empty());
  }

  static Command.SessionStatus status(String id) {
    return new Command.SessionStatus(new CommandId(id), TestSession.ID);
  }

  private Commanding() {}
}
