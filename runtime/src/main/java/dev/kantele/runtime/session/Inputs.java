package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Command.InputAnswer;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.EventBody.InputAnswered;
import dev.kantele.protocol.EventBody.InputRequested;
import dev.kantele.protocol.EventBody.ToolFailed;
import dev.kantele.protocol.EventBody.ToolTimedOut;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Part;
import dev.kantele.protocol.RequestId;
import dev.kantele.protocol.TurnId;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.Wait.Question;
import dev.kantele.runtime.tool.ArgumentValidator;
import dev.kantele.runtime.tool.AskUserTool;
import dev.kantele.runtime.tool.ToolSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What people are asked: calls of {@code ask_user}, which the session runs by itself. A question
 * has the name of the call that asks it.
 */
final class Inputs {
  private final Catalog catalog;
  private final ToolCalls calls;

  Inputs(Catalog catalog, ToolCalls calls) {
    this.catalog = catalog;
    this.calls = calls;
  }

  /** Asks what a call wants to know. */
  void ask(Draft draft, OpenCall call) {
    JsonNode arguments = call.arguments().orElseThrow();
    Optional<JsonNode> schema = AskUserTool.answerSchema(arguments);
    if (schema.isPresent()
        && ArgumentValidator.compile(schema.get())
            instanceof ArgumentValidator.Compilation.Refused(var reason)) {
      var failure = new Failure("invalid_arguments", reason, /* retryable= */ false);
      draft.emit(new ToolFailed(turn(draft), call.invocation(), failure));
      return;
    }
    Optional<Instant> expiresAt =
        catalog.tool(call.name()).map(ToolSpec::timeout).map(draft.now()::plus);
    draft.emit(
        new InputRequested(
            turn(draft),
            new RequestId(call.invocation().value()),
            Optional.of(call.invocation()),
            AskUserTool.question(arguments),
            schema,
            expiresAt));
    expiresAt.ifPresent(
        at -> draft.effect(new Effect.StartTimer(new Timer.Expiry(call.invocation()), at)));
  }

  /** Takes somebody's answer: the first one holds. */
  void answer(Draft draft, InputAnswer input, Answers answer) {
    if (answer.isRepeated()) {
      return;
    }
    OpenCall call = waiting(draft, input.request()).orElse(null);
    if (call == null) {
      refuse(draft, input.request(), answer);
      return;
    }
    Question question = call.question().orElseThrow();
    List<String> faults =
        input.content().map(content -> faults(question, content)).orElse(List.of());
    if (!faults.isEmpty()) {
      answer.nack(ErrorCode.INVALID_ARGUMENT, String.join("; ", faults));
      return;
    }
    OpenTurn before = AgentLoop.running(draft);
    String by = answer.commanded().client().client().value();
    draft.emit(new InputAnswered(turn(draft), input.request(), input.content(), by));
    calls.results().settle(draft, call.invocation());
    answer.rememberDone();
    calls.waitOver(draft, before, call.invocation());
  }

  /** What the call that asked {@code request} has for a result by an answer. */
  static Part.ToolResult result(RequestId request, Optional<JsonNode> content, String by) {
    Optional<Failure> declined =
        content.isPresent()
            ? Optional.empty()
            : Optional.of(
                new Failure("declined", by + " declined to answer", /* retryable= */ false));
    return new Part.ToolResult(new InvocationId(request.value()), content, declined);
  }

  private static void refuse(Draft draft, RequestId request, Answers answer) {
    if (draft.state().knows(new InvocationId(request.value()))) {
      answer.nack(ErrorCode.ALREADY_DECIDED, "request " + request + " does not wait for an answer");
    } else {
      answer.nack(
          ErrorCode.INVALID_ARGUMENT, "request: " + request + " (expected: one that waits)");
    }
  }

  private static List<String> faults(Question question, JsonNode content) {
    if (question.schema().isEmpty()) {
      return List.of();
    }
    return switch (ArgumentValidator.compile(question.schema().get())) {
      case ArgumentValidator.Compilation.Compiled(var validator) ->
          switch (validator.validate("content", content)) {
            case ArgumentValidator.Result.Valid _ -> List.of();
            case ArgumentValidator.Result.Invalid(var reasons) -> reasons;
          };
      case ArgumentValidator.Compilation.Refused(var reason) -> List.of(reason);
    };
  }

  /** Ends a call whose question nobody has answered in time. */
  void expired(Draft draft, InvocationId invocation) {
    Optional<OpenCall> call = waiting(draft, new RequestId(invocation.value()));
    if (call.isPresent()) {
      OpenTurn before = AgentLoop.running(draft);
      var failure = new Failure("timed_out", "nobody answered in time", /* retryable= */ false);
      draft.emit(new ToolTimedOut(turn(draft), invocation, failure));
      calls.waitOver(draft, before, invocation);
    }
  }

  private static Optional<OpenCall> waiting(Draft draft, RequestId request) {
    return draft.state().turn().stream()
        .flatMap(turn -> turn.calls().stream())
        .filter(
            call -> call.question().filter(asked -> asked.request().equals(request)).isPresent())
        .findFirst();
  }

  private static TurnId turn(Draft draft) {
    return AgentLoop.running(draft).request().turn();
  }
}
