package dev.kantele.runtime.session.actor;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.Reply;
import dev.kantele.protocol.WireError;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.actor.SessionMessage.Happened;
import dev.kantele.runtime.session.actor.SessionMessage.Submit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Does what the core wants done, in order, and keeps who waits for an answer. Confined to the
 * session's actor.
 */
final class EffectPerformer {
  private final Children children;
  private final TimerScheduler<SessionMessage> timers;
  private final Runnable erase;
  private final Map<Long, Submit> unanswered = new HashMap<>();
  private long tickets;

  EffectPerformer(Children children, TimerScheduler<SessionMessage> timers, Runnable erase) {
    this.children = children;
    this.timers = timers;
    this.erase = erase;
  }

  /** Turns a submitted command into the core's input; its answer will find the way back. */
  Input.Commanded commanded(Submit submit) {
    long ticket = ++tickets;
    unanswered.put(ticket, submit);
    return new Input.Commanded(submit.client(), submit.command(), ticket);
  }

  /** Performs {@code effects}; it is {@code now}. */
  void perform(List<Effect> effects, Instant now) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Answer(var ticket, var reply) -> answer(ticket, reply);
        case Effect.CallModel call -> children.call(call);
        case Effect.CheckTool check -> children.check(check);
        case Effect.CheckResult check -> children.check(check);
        case Effect.InvokeTool invoke -> children.invoke(invoke);
        case Effect.StopStream(var stream) -> children.stop(stream.value());
        case Effect.StopTool(var invocation) -> children.stop(invocation.value());
        case Effect.Abandon(var operation) -> children.abandon(operation);
        case Effect.StartTimer(var timer, var at) -> start(timer, Duration.between(now, at));
        case Effect.StopTimer(var timer) -> timers.cancel(timer);
        case Effect.EraseLog _ -> erase.run();
      }
    }
  }

  private void start(Input.Timer timer, Duration left) {
    timers.startSingleTimer(
        timer, new Happened(new Input.TimerFired(timer)), left.isNegative() ? Duration.ZERO : left);
  }

  private void answer(long ticket, Reply reply) {
    Submit submit = unanswered.remove(ticket);
    if (submit != null) {
      submit.replyTo().tell(reply);
    }
  }

  /** Refuses a command in the core's place. */
  void refuse(Input.Commanded commanded, ErrorCode code, String message) {
    refuse(commanded, WireError.of(code, message));
  }

  /** Refuses a command in the core's place. */
  void refuse(Input.Commanded commanded, WireError error) {
    answer(commanded.ticket(), new Reply.Nack(Optional.of(commanded.command().id()), error));
  }

  /** Refuses whatever waits for an answer. */
  void refuseAll(ErrorCode code, String message) {
    unanswered.values().forEach(submit -> refuse(submit, code, message));
    unanswered.clear();
  }

  static void refuse(Submit submit, ErrorCode code, String message) {
    submit.replyTo().tell(Reply.Nack.of(submit.command().id(), code, message));
  }
}
