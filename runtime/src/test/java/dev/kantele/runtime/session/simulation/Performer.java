package dev.kantele.runtime.session.simulation;

import dev.kantele.protocol.ErrorCode;
import dev.kantele.protocol.InvocationId;
import dev.kantele.protocol.Reply;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.Input.Timer;
import dev.kantele.runtime.session.OpenCall;
import dev.kantele.runtime.session.OpenTurn;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.simulation.Message.Happened;
import dev.kantele.runtime.session.simulation.Message.Submitted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does what the core wants done, in one life of the session: answers, children, timers. */
final class Performer {
  private final World world;
  private final SimulatedSession session;
  private final Books books;
  private final int life;
  private final Map<Long, Submitted> unanswered = new HashMap<>();
  private final Map<String, Child> children = new LinkedHashMap<>();
  private final Map<Timer, Timeline.Planned> timers = new HashMap<>();
  private final List<Runnable> afterWrite = new ArrayList<>();
  private long tickets;

  Performer(World world, SimulatedSession session, Books books, int life) {
    this.world = world;
    this.session = session;
    this.books = books;
    this.life = life;
  }

  Input commanded(Submitted submitted) {
    long ticket = ++tickets;
    unanswered.put(ticket, submitted);
    return new Input.Commanded(submitted.client(), submitted.command(), ticket);
  }

  void perform(Effect effect) {
    world.trace.add("effect", effect);
    switch (effect) {
      case Effect.Answer(var ticket, var reply) -> answer(ticket, reply);
      case Effect.CallModel call -> begin(new SimulatedStream(world, session, life, call));
      case Effect.CheckTool check ->
          begin(new SimulatedCheck(world, session, books.approvals(), life, check));
      case Effect.CheckResult check ->
          begin(new SimulatedResultCheck(world, session, books.approvals(), life, check));
      case Effect.InvokeTool invoke ->
          begin(new SimulatedTool(world, session, books.effects(), life, invoke));
      case Effect.StopStream(var stream) -> stop(stream.value());
      case Effect.StopTool(var invocation) -> stop(invocation.value());
      case Effect.Abandon(var operation) -> abandon(operation);
      case Effect.StartTimer(var timer, var at) -> start(timer, at);
      case Effect.StopTimer(var timer) -> stop(timer);
      case Effect.EraseLog _ -> session.erase();
    }
  }

  private void answer(long ticket, Reply reply) {
    Submitted submitted = unanswered.remove(ticket);
    if (submitted == null) {
      world.findings.add(Rule.REPLIES_HOLD, "a second answer: " + reply);
      return;
    }
    submitted.replyTo().accept(reply);
  }

  /** A write failed: whoever waits is told, or is not. */
  void refuseAll() {
    unanswered
        .values()
        .forEach(
            submitted -> {
              if (world.dice.percent(60)) {
                submitted
                    .replyTo()
                    .accept(
                        Reply.Nack.of(
                            submitted.command().id(), ErrorCode.UNAVAILABLE, "no journal"));
              }
            });
    unanswered.clear();
  }

  private void begin(Child child) {
    children.put(child.operation(), child);
    child.begin();
  }

  private void stop(String operation) {
    Child child = children.get(operation);
    if (child != null) {
      child.stop();
    }
  }

  private void abandon(String operation) {
    Child child = children.remove(operation);
    if (child != null) {
      child.abandon();
    }
  }

  private void start(Timer timer, Instant at) {
    Timeline.Planned before = timers.remove(timer);
    if (before != null) {
      before.callOff();
    }
    boolean retries = timer instanceof Timer.Retry;
    boolean late = world.mishap((retries ? 4 : 1) * world.circumstances.oddities());
    long delay = Math.max(0, Duration.between(world.time.now(), at).toMillis());
    long millis = delay + (late ? world.dice.below(retries ? 300 : 100) : 0);
    timers.put(
        timer,
        world.time.in(
            millis,
            () -> {
              if (late) {
                session.befell(Mishap.TIMER_FIRES_LATE);
              }
              fire(timer, false);
            }));
  }

  private void stop(Timer timer) {
    Timeline.Planned planned = timers.remove(timer);
    if (planned == null) {
      return;
    }
    planned.callOff();
    if (world.mishap(world.circumstances.oddities())) {
      /* It had fired already; what it sent comes after what had it stopped. */
      world.time.in(world.dice.below(400), () -> fire(timer, true));
    }
  }

  private void fire(Timer timer, boolean stale) {
    if (session.lifeNumber() != life) {
      return;
    }
    if (stale) {
      session.befell(Mishap.STALE_TIMER_FIRES);
    }
    session.tell(new Happened(new Input.TimerFired(timer), life, false, () -> {}));
  }

  /** Has {@code action} run when the pending write is confirmed. */
  void afterWrite(Runnable action) {
    afterWrite.add(action);
  }

  /** A write was confirmed, or there was none. */
  void written() {
    if (!afterWrite.isEmpty()) {
      List<Runnable> actions = List.copyOf(afterWrite);
      afterWrite.clear();
      actions.forEach(Runnable::run);
    }
  }

  /** The life is over; most of what it began ends with it. */
  void orphanAll() {
    timers.values().forEach(Timeline.Planned::callOff);
    timers.clear();
    children.values().forEach(Child::orphan);
    children.clear();
    unanswered.clear();
    afterWrite.clear();
  }

  /** What is odd about an outcome or a timer that comes, if anything is. */
  static Optional<Mishap> late(SessionState state, Happened happened, int life) {
    OpenTurn turn = state.turn().orElse(null);
    return switch (happened.input()) {
      case Input.StreamEnded(var stream, _) ->
          isOpen(turn, stream.value()) ? Optional.empty() : Optional.of(kind(happened, life));
      case Input.ToolEnded(var invocation, var attempt, _) ->
          isOpen(turn, invocation.value(), attempt)
              ? Optional.empty()
              : Optional.of(kind(happened, life));
      case Input.ToolChecked(var invocation, _) ->
          isChecked(turn, invocation.value())
              ? Optional.empty()
              : Optional.of(kind(happened, life));
      case Input.ResultChecked(var invocation, _) ->
          isAnswered(turn, invocation) ? Optional.empty() : Optional.of(kind(happened, life));
      case Input.TimerFired(Timer.Deadline(var id))
          when turn != null && turn.request().turn().equals(id) && turn.ending().isPresent() ->
          Optional.of(Mishap.DEADLINE_PASSES);
      case Input.TimerFired(Timer.WallTime(var id))
          when turn != null && turn.request().turn().equals(id) && turn.waitingSince().isEmpty() ->
          Optional.of(Mishap.WALL_TIME_PASSES);
      case Input.TimerFired(Timer.ClientLimit(var invocation)) when turn != null ->
          turn.call(invocation).filter(OpenCall::isRunningElsewhere).map(_ -> Mishap.CLIENT_GONE);
      case Input.TimerFired(Timer.Expiry(var invocation)) when turn != null ->
          turn.call(invocation).flatMap(Performer::expiry);
      case Input.TimerFired _,
          Input.Commanded _,
          Input.ModelSaid _,
          Input.ToolSaid _,
          Input.Recovered _ ->
          Optional.empty();
    };
  }

  private static Optional<Mishap> expiry(OpenCall call) {
    if (!call.isWaiting()) {
      return Optional.empty();
    }
    return Optional.of(
        call.isAwaitingApproval() ? Mishap.APPROVAL_EXPIRES : Mishap.QUESTION_EXPIRES);
  }

  private static Mishap kind(Happened happened, int life) {
    if (happened.life() != life) {
      return Mishap.OUTCOME_OF_AN_EARLIER_LIFE;
    }
    return happened.again() ? Mishap.OUTCOME_COMES_TWICE : Mishap.OUTCOME_COMES_LATE;
  }

  private static boolean isOpen(@Nullable OpenTurn turn, String stream) {
    return turn != null
        && turn.stream().isPresent()
        && turn.stream().get().stream().value().equals(stream);
  }

  private static boolean isChecked(@Nullable OpenTurn turn, String invocation) {
    return turn != null
        && turn.calls().stream()
            .filter(OpenCall::isChecked)
            .anyMatch(call -> call.invocation().value().equals(invocation));
  }

  private static boolean isAnswered(@Nullable OpenTurn turn, InvocationId invocation) {
    return turn != null && turn.call(invocation).filter(OpenCall::isAnswered).isPresent();
  }

  private static boolean isOpen(@Nullable OpenTurn turn, String invocation, int attempt) {
    return turn != null
        && turn.calls().stream()
            .filter(OpenCall::isRunning)
            .anyMatch(
                call -> call.invocation().value().equals(invocation) && call.attempt() == attempt);
  }
}
