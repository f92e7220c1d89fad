package dev.kantele.runtime.session;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.CommandId;
import dev.kantele.protocol.Decision;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.PromptPolicy;
import dev.kantele.protocol.RequestId;
import dev.kantele.runtime.session.Input.StreamOutcome;
import dev.kantele.runtime.session.Input.ToolOutcome;
import java.util.Optional;

/**
 * What can happen to a session, whatever its state. A stream or tool call that is named is the one
 * that was started last, be it open or not; turn n is new, z was never asked for.
 */
enum Stimulus {
  OPEN,
  ATTACH,
  ATTACH_AHEAD,
  CREDIT,
  DETACH,
  ENQUEUE,
  REJECT,
  INTERRUPT,
  STEER,
  ROLLBACK,
  CANCEL,
  CANCEL_A,
  CANCEL_B,
  CANCEL_Z,
  DECIDE,
  PROGRESS,
  RESULT,
  ANSWER,
  CLOSE,
  DELETE,
  STATUS,

  MODEL_SAYS,
  STREAM_FINISHES,
  STREAM_BREAKS,
  STREAM_BREAKS_FOR_GOOD,
  STREAM_STOPS,
  TOOL_SAYS,
  TOOL_COMPLETES,
  TOOL_FAILS,
  TOOL_TIMES_OUT,
  TOOL_STOPS,
  TOOL_IS_LOST,
  TOOL_DID_NOTHING,
  TOOL_CANT_SAY,
  DEADLINE,
  WALL_TIME,
  RETRY,
  RECOVER;

  Step happensTo(TestSession session) {
    return switch (this) {
      case OPEN -> session.command(Commanding.open("x"));
      case ATTACH -> session.command(Commanding.attach("x", 0));
      case ATTACH_AHEAD -> session.command(Commanding.attach("x", 1_000_000));
      case CREDIT ->
          session.command(new Command.SessionCredit(new CommandId("x"), TestSession.ID, 1));
      case DETACH -> session.command(new Command.SessionDetach(new CommandId("x"), TestSession.ID));
      case ENQUEUE -> session.prompt("n", PromptPolicy.ENQUEUE);
      case REJECT -> session.prompt("n", PromptPolicy.REJECT);
      case INTERRUPT -> session.prompt("n", PromptPolicy.INTERRUPT);
      case STEER -> session.prompt("n", PromptPolicy.STEER);
      case ROLLBACK -> session.prompt("n", PromptPolicy.ROLLBACK);
      case CANCEL -> session.command(Commanding.cancel("x"));
      case CANCEL_A -> session.command(Commanding.cancel("x", "a"));
      case CANCEL_B -> session.command(Commanding.cancel("x", "b"));
      case CANCEL_Z -> session.command(Commanding.cancel("x", "z"));
      case DECIDE ->
          session.command(
              new Command.ToolDecide(
                  new CommandId("x"),
                  TestSession.ID,
                  new InvocationId("z"),
                  Decision.APPROVE,
                  Optional.empty(),
                  Optional.empty()));
      case PROGRESS ->
          session.command(
              new Command.ToolProgress(
                  new CommandId("x"),
                  TestSession.ID,
                  new InvocationId("z"),
                  Optional.of("half"),
                  Optional.empty()));
      case RESULT ->
          session.command(
              new Command.ToolResult(
                  new CommandId("x"),
                  TestSession.ID,
                  new InvocationId("z"),
                  Optional.of(TextNode.valueOf("all")),
                  Optional.empty()));
      case ANSWER ->
          session.command(
              new Command.InputAnswer(
                  new CommandId("x"),
                  TestSession.ID,
                  new RequestId("z"),
                  Optional.empty(),
                  Optional.of(true)));
      case CLOSE -> session.command(Commanding.close("x"));
      case DELETE -> session.command(Commanding.delete("x"));
      case STATUS -> session.command(Commanding.status("x"));
      case MODEL_SAYS -> session.says("lo");
      case STREAM_FINISHES -> session.finishes();
      case STREAM_BREAKS -> session.breaks(/* retryable= */ true);
      case STREAM_BREAKS_FOR_GOOD -> session.breaks(/* retryable= */ false);
      case STREAM_STOPS -> session.ends(new StreamOutcome.Stopped());
      case TOOL_SAYS -> session.toolSays(0, "half");
      case TOOL_COMPLETES -> session.toolCompletes(0);
      case TOOL_FAILS ->
          session.toolEnds(0, new ToolOutcome.Failed(new Failure("no", "it can't", false)));
      case TOOL_TIMES_OUT -> session.toolEnds(0, new ToolOutcome.TimedOut(false));
      case TOOL_STOPS -> session.toolEnds(0, new ToolOutcome.Stopped(false));
      case TOOL_IS_LOST -> session.toolEnds(0, new ToolOutcome.Lost());
      case TOOL_DID_NOTHING -> session.toolEnds(0, new ToolOutcome.NotDone());
      case TOOL_CANT_SAY -> session.toolEnds(0, new ToolOutcome.Unknown("it forgot"));
      case DEADLINE -> session.deadline("a");
      case WALL_TIME -> session.wallTime("a");
      case RETRY -> session.retries();
      case RECOVER -> session.recover();
    };
  }

  /** Whether it is a client's command; else it comes from a child, a timer or a start. */
  boolean isCommand() {
    return compareTo(STATUS) <= 0;
  }
}
