package dev.kantele.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Progress;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.SessionId;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.WireError;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * One run of a tool, from its start to the node's receipt of its outcome. Confined to the client's
 * mailbox, but for the tool itself, which has a thread of its own.
 */
final class ToolRun {
  private final SessionId session;
  private final InvocationId invocation;
  private final ClientCore client;

  private @Nullable FutureTask<Outcome> task;
  private @Nullable Outcome outcome;

  /** Whether the outcome is on its way to the node. */
  private boolean telling;

  private boolean interrupted;
  private int refusals;

  /** What came of it: exactly one of the two. */
  private record Outcome(Optional<JsonNode> output, Optional<Failure> error) {}

  ToolRun(SessionId session, InvocationId invocation, ClientCore client) {
    this.session = session;
    this.invocation = invocation;
    this.client = client;
  }

  /** Runs the tool. To be called once. */
  void start(ClientTool tool, TurnId turn, Optional<EffectId> effectId, JsonNode arguments) {
    var call = new ClientCall(turn, invocation, effectId, arguments, this::report);
    var run = new FutureTask<>(() -> outcome(tool, call));
    task = run;
    client
        .threads()
        .execute(
            () -> {
              run.run();
              if (!run.isCancelled()) {
                Outcome result = run.resultNow();
                client.mailbox().execute(() -> finished(result));
              }
            });
  }

  private static Outcome outcome(ClientTool tool, ClientCall call) {
    try {
      return new Outcome(Optional.of(tool.handler().call(call)), Optional.empty());
    } catch (ToolFailedException e) {
      return new Outcome(Optional.empty(), Optional.of(e.failure()));
    } catch (Exception e) {
      /* Its text may hold what is not for the model; who runs the client sees it. */
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      return new Outcome(Optional.empty(), Optional.of(ToolCalls.failure(tool.name())));
    }
  }

  private void report(Optional<String> chunk, Optional<Progress> progress)
      throws InterruptedException {
    var command = new Command.ToolProgress(client.newId(), session, invocation, chunk, progress);
    try {
      if (client.submit(command).get() instanceof Reply.Nack(_, var error)) {
        throw new CommandRefusedException(error);
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ClientException cause ? cause : new IllegalStateException(e);
    }
  }

  private void finished(Outcome result) {
    outcome = result;
    tell();
  }

  /** The node asks again: it lost the outcome, or never got it. */
  void startedAgain() {
    tell();
  }

  private void tell() {
    if (outcome != null && !telling && !interrupted) {
      telling = true;
      send(outcome);
    }
  }

  private void send(Outcome result) {
    client
        .outstanding()
        .submit(
            new Command.ToolResult(
                client.newId(), session, invocation, result.output(), result.error()),
            new ReplyHandler() {
              @Override
              public void replied(Reply reply) {
                telling = false;
                if (reply instanceof Reply.Nack(_, var error)) {
                  refused(result, error);
                }
              }

              @Override
              public void failed(ClientException because) {
                telling = false;
              }
            });
  }

  private void refused(Outcome result, WireError error) {
    if (error.code() == ErrorCode.LIMIT_EXCEEDED && result.output().isPresent()) {
      finished(new Outcome(Optional.empty(), Optional.of(tooLarge())));
    } else if (error.retryable() && !interrupted) {
      refusals++;
      var _ = client.retry(refusals, this::tell);
    }
  }

  private static Failure tooLarge() {
    return new Failure(
        ToolCalls.TOOL_FAILED, "The tool's output is larger than the node takes.", false);
  }

  /** The call has ended without it. */
  void interrupt() {
    interrupted = true;
    if (task != null) {
      task.cancel(/* mayInterruptIfRunning= */ true);
    }
  }
}
