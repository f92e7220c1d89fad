package dev.kantele.runtime.session.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Command;
import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EffectId;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.EventBody.Catchup;
import dev.kantele.protocol.EventBody.StreamCancelled;
import dev.kantele.protocol.EventBody.StreamFailed;
import dev.kantele.protocol.EventBody.StreamStarted;
import dev.kantele.protocol.EventBody.TextDelta;
import dev.kantele.protocol.EventBody.ToolApproved;
import dev.kantele.protocol.EventBody.ToolCancelled;
import dev.kantele.protocol.EventBody.ToolCompleted;
import dev.kantele.protocol.EventBody.ToolDenied;
import dev.kantele.protocol.EventBody.ToolUnknown;
import dev.kantele.protocol.EventBody.TurnCancelled;
import dev.kantele.protocol.EventBody.TurnCompleted;
import dev.kantele.protocol.EventBody.TurnOutputRejected;
import dev.kantele.protocol.Message;
import dev.kantele.protocol.Role;
import dev.kantele.protocol.StopReason;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.Usage;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Content;
import dev.kantele.runtime.log.JournalRecord.Visible;
import dev.kantele.runtime.log.LogEntry;
import dev.kantele.runtime.model.ModelRequest;
import dev.kantele.runtime.session.Effect;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.OpenCall;
import dev.kantele.runtime.session.OpenTurn;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Steps and deliveries as a core, or a log, with a {@link PlantedFault} would give them. */
final class Forgeries {
  static Step of(PlantedFault fault, SessionState state, Input input, Step step) {
    boolean recovers = input instanceof Input.Recovered;
    return switch (fault) {
      case NEW_STREAM_BEFORE_THE_LOST_ONE_ENDS ->
          recovers ? swapped(step, StreamFailed.class, StreamStarted.class) : step;
      case PARENT_ENDS_BEFORE_CHILD -> swapped(step, StreamCancelled.class, TurnCancelled.class);
      case SECOND_TERMINAL_EVENT -> completedTwice(step);
      case DEADLINE_FORGOTTEN ->
          withEffects(
              step, effect -> !(effect instanceof Effect.StartTimer(Input.Timer.Deadline _, _)));
      case RECOVERY_BEGINS_NOTHING -> recovers ? withEffects(step, _ -> false) : step;
      case REPLIES_FORGOTTEN -> withRows(step, Forgeries::forgetful);
      case UNKNOWN_EFFECT_DENIED -> withRows(step, Forgeries::denying);
      case UNSAFE_TOOL_RUN_AGAIN -> recovers ? runningAgain(state, step) : step;
      case DENIED_TOOL_RUNS ->
          find(step.rows(), ToolDenied.class, 0) < 0
              ? step
              : running(state, step, OpenCall::isWaiting);
      case UNCHECKED_TOOL_RUNS -> recovers ? running(state, step, OpenCall::isChecked) : step;
      case WAITING_TOOL_RUNS_AFTER_A_CRASH ->
          recovers ? running(state, step, OpenCall::isWaiting) : step;
      case APPROVED_TWICE ->
          input instanceof Input.Commanded(_, Command.ToolDecide _, _)
              ? running(state, step, OpenCall::isRunning)
              : step;
      case ANSWER_CHANGED -> withRows(step, Forgeries::misheard);
      case EDIT_IGNORED -> withEdits(step);
      case RESULT_CHANGED ->
          input instanceof Input.Commanded(_, Command.ToolResult _, _)
              ? withRows(step, Forgeries::emptied)
              : step;
      case HOOKED_RESULT_CHANGED ->
          input instanceof Input.ResultChecked ? withRows(step, Forgeries::emptied) : step;
      case UNFIT_OUTPUT_TAKEN -> withUnfitOutput(step);
      case CLIENT_LIMIT_FORGOTTEN ->
          withEffects(
              step, effect -> !(effect instanceof Effect.StartTimer(Input.Timer.ClientLimit _, _)));
      case EXPIRY_FORGOTTEN ->
          withEffects(
              step, effect -> !(effect instanceof Effect.StartTimer(Input.Timer.Expiry _, _)));
      case TOOL_RESULTS_LOST -> withoutLast(step, Role.TOOL);
      case USER_NOT_HEARD -> withoutLast(step, Role.USER);
      default -> step;
    };
  }

  static List<Delivery> of(PlantedFault fault, List<Delivery> deliveries) {
    return switch (fault) {
      case COVERS_DROPPED ->
          deliveries.stream()
              .map(delivery -> new Delivery(delivery.entry().covers(), delivery.entry()))
              .toList();
      case EVENT_REPEATED -> {
        var twice = new ArrayList<>(deliveries);
        twice.add(deliveries.getLast());
        yield twice;
      }
      case CATCHUP_CUT -> deliveries.stream().map(Forgeries::cut).toList();
      case DELTA_SKIPPED -> skipped(deliveries);
      default -> deliveries;
    };
  }

  private static Step withRows(Step step, UnaryOperator<JournalRecord> change) {
    return new Step(step.rows().stream().map(change).toList(), step.live(), step.effects());
  }

  private static Step withEffects(Step step, Predicate<Effect> kept) {
    return new Step(step.rows(), step.live(), step.effects().stream().filter(kept).toList());
  }

  private static JournalRecord withContent(JournalRecord row, Content content) {
    return new JournalRecord(row.covers(), row.reserved(), row.at(), content, row.remembered());
  }

  private static JournalRecord forgetful(JournalRecord row) {
    return new JournalRecord(
        row.covers(), row.reserved(), row.at(), row.content(), Optional.empty());
  }

  private static JournalRecord emptied(JournalRecord row) {
    return row.content() instanceof Visible(ToolCompleted(var turn, var invocation, _))
        ? withContent(
            row,
            new Visible(new ToolCompleted(turn, invocation, JsonNodeFactory.instance.objectNode())))
        : row;
  }

  private static JournalRecord misheard(JournalRecord row) {
    return row.content() instanceof Visible(ToolCompleted(var turn, var invocation, var output))
            && output.isTextual()
        ? withContent(
            row,
            new Visible(
                new ToolCompleted(
                    turn, invocation, JsonNodeFactory.instance.textNode("something else"))))
        : row;
  }

  private static JournalRecord denying(JournalRecord row) {
    return row.content() instanceof Visible(ToolUnknown(var turn, var invocation, var reason))
        ? withContent(row, new Visible(new ToolCancelled(turn, invocation, Optional.of(reason))))
        : row;
  }

  /** Has the turn complete where its answer is rejected. */
  private static Step withUnfitOutput(Step step) {
    int at = find(step.rows(), TurnOutputRejected.class, 0);
    if (at < 0) {
      return step;
    }
    JournalRecord row = step.rows().get(at);
    TurnId turn = ((TurnOutputRejected) ((Visible) row.content()).body()).turn();
    var rows = new ArrayList<>(step.rows().subList(0, at));
    rows.add(
        withContent(
            row,
            new Visible(
                new TurnCompleted(
                    turn,
                    StopReason.END,
                    Optional.empty(),
                    Usage.NONE,
                    Optional.of(JsonNodeFactory.instance.objectNode())))));
    return new Step(rows, step.live(), List.of());
  }

  /** Has the first event of one kind and the next of the other change places. */
  private static Step swapped(
      Step step, Class<? extends EventBody> first, Class<? extends EventBody> second) {
    var rows = new ArrayList<>(step.rows());
    int one = find(rows, first, 0);
    int other = one < 0 ? -1 : find(rows, second, one);
    if (other < 0) {
      return step;
    }
    Content moved = rows.get(one).content();
    rows.set(one, withContent(rows.get(one), rows.get(other).content()));
    rows.set(other, withContent(rows.get(other), moved));
    return new Step(rows, step.live(), step.effects());
  }

  private static int find(List<JournalRecord> rows, Class<? extends EventBody> kind, int from) {
    for (int i = from; i < rows.size(); i++) {
      if (rows.get(i).content() instanceof Visible(var body) && kind.isInstance(body)) {
        return i;
      }
    }
    return -1;
  }

  private static Step completedTwice(Step step) {
    int at = find(step.rows(), TurnCompleted.class, 0);
    if (at < 0 || at < step.rows().size() - 1) {
      return step;
    }
    JournalRecord end = step.rows().getLast();
    var rows = new ArrayList<>(step.rows());
    rows.add(
        new JournalRecord(
            Covers.of(end.seq() + 1),
            end.reserved() + 1,
            end.at(),
            end.content(),
            Optional.empty()));
    return new Step(rows, step.live(), step.effects());
  }

  private static Step runningAgain(SessionState state, Step step) {
    return running(
        state,
        step,
        call -> call.isRunning() && SimulatedCatalog.effectOf(call.name()) == ToolEffect.UNSAFE);
  }

  private static Step withEdits(Step step) {
    if (step.rows().stream()
        .noneMatch(
            row ->
                row.content() instanceof Visible(ToolApproved approved)
                    && approved.arguments().isPresent())) {
      return step;
    }
    return new Step(
        step.rows(),
        step.live(),
        step.effects().stream()
            .map(
                effect ->
                    effect instanceof Effect.InvokeTool invoke
                        ? invoking(invoke, JsonNodeFactory.instance.objectNode())
                        : effect)
            .toList());
  }

  private static Effect.InvokeTool invoking(Effect.InvokeTool invoke, JsonNode arguments) {
    return new Effect.InvokeTool(
        invoke.turn(),
        invoke.invocation(),
        invoke.effectId(),
        invoke.attempt(),
        invoke.agent(),
        invoke.tool(),
        arguments,
        invoke.reconcile());
  }

  /** Has the calls run that {@code which} names. */
  private static Step running(SessionState state, Step step, Predicate<OpenCall> which) {
    var effects = new ArrayList<>(step.effects());
    for (OpenTurn turn : state.turn().stream().toList()) {
      for (OpenCall call : turn.calls()) {
        if (which.test(call)) {
          effects.add(
              new Effect.InvokeTool(
                  turn.request().turn(),
                  call.invocation(),
                  call.effectId().orElse(new EffectId("forged")),
                  call.attempt(),
                  SimulatedCatalog.PATIENT,
                  call.name(),
                  call.arguments().orElseThrow(),
                  /* reconcile= */ false));
        }
      }
    }
    return new Step(step.rows(), step.live(), effects);
  }

  private static Step withoutLast(Step step, Role role) {
    return new Step(
        step.rows(),
        step.live(),
        step.effects().stream()
            .map(
                effect ->
                    effect instanceof Effect.CallModel call
                        ? new Effect.CallModel(
                            call.agent(),
                            call.provider(),
                            withoutLast(call.request(), role),
                            call.idleLimit())
                        : effect)
            .toList());
  }

  private static ModelRequest withoutLast(ModelRequest request, Role role) {
    List<Message> transcript = request.transcript();
    if (transcript.isEmpty() || transcript.getLast().role() != role) {
      return request;
    }
    return new ModelRequest(
        request.session(),
        request.turn(),
        request.stream(),
        request.attempt(),
        request.model(),
        request.instructions(),
        transcript.subList(0, transcript.size() - 1),
        request.tools(),
        request.params(),
        request.outputSchema());
  }

  private static Delivery cut(Delivery delivery) {
    if (!(delivery.entry().body() instanceof Catchup(var events))) {
      return delivery;
    }
    List<EventBody.Live> cut =
        events.stream()
            .map(
                event ->
                    event instanceof TextDelta(var turn, var stream, var part, var text)
                            && !text.isEmpty()
                        ? new TextDelta(turn, stream, part, text.substring(1))
                        : event)
            .toList();
    LogEntry entry = delivery.entry();
    return new Delivery(
        delivery.covers(),
        new LogEntry(entry.session(), entry.covers(), entry.at(), new Catchup(cut)));
  }

  /* The numbers join, and yet a delta is not there. */
  private static List<Delivery> skipped(List<Delivery> deliveries) {
    for (int i = 0; i + 1 < deliveries.size(); i++) {
      if (deliveries.get(i).entry().body() instanceof TextDelta) {
        var rest = new ArrayList<>(deliveries);
        Delivery next = rest.get(i + 1);
        rest.set(
            i + 1,
            new Delivery(
                new Covers(rest.get(i).covers().from(), next.covers().to()), next.entry()));
        rest.remove(i);
        return rest;
      }
    }
    return deliveries;
  }

  private Forgeries() {}
}
