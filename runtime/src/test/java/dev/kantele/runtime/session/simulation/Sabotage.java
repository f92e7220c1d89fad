package dev.kantele.runtime.session.simulation;

import static dev.kantele.runtime.session.simulation.PlantedFault.ANSWERED_BEFORE_DURABLE;
import static dev.kantele.runtime.session.simulation.PlantedFault.DISCONNECT_CANCELS;
import static dev.kantele.runtime.session.simulation.PlantedFault.INPUT_WAITS_FOR_READERS;
import static dev.kantele.runtime.session.simulation.PlantedFault.OLD_OUTCOME_TAKEN;
import static dev.kantele.runtime.session.simulation.PlantedFault.PUBLISHED_BEFORE_DURABLE;
import static dev.kantele.runtime.session.simulation.PlantedFault.RESERVATION_NOT_EXTENDED;
import static dev.kantele.runtime.session.simulation.PlantedFault.ROWS_DELETED_TOO_EARLY;
import static dev.kantele.runtime.session.simulation.PlantedFault.SNAPSHOT_FORGETS;
import static dev.kantele.runtime.session.simulation.PlantedFault.SNAPSHOT_WITHOUT_NEED;
import static dev.kantele.runtime.session.simulation.PlantedFault.WINDOW_UNBOUNDED;

import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.log.JournalRecord.Reserved;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.OpenCall;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries out a {@link PlantedFault}, at the seams between the core, its log and its shell. */
final class Sabotage {
  @SuppressWarnings("UnusedVariable") // No fault is carried out yet.
  private final PlantedFault fault;

  Sabotage(PlantedFault fault) {
    this.fault = fault;
  }

  /** The limits that the core is told. */
  AgentLimits limits(AgentLimits limits) {
    return switch (fault) {
      case ONE_ATTEMPT_TOO_MANY -> with(limits, 1, 0, 0, Duration.ZERO);
      case QUEUE_TOO_LONG -> with(limits, 0, 1, 0, Duration.ZERO);
      case ONE_RETRY_TOO_MANY -> with(limits, 0, 0, 1, Duration.ZERO);
      case RETRIES_TAKE_TOO_LONG -> with(limits, 0, 0, 0, Duration.ofMinutes(1));
      default -> limits;
    };
  }

  private static AgentLimits with(
      AgentLimits limits, int attempts, int queuedTurns, int retries, Duration retryTime) {
    return new AgentLimits(
        limits.modelCalls(),
        limits.toolCalls(),
        limits.wallTime(),
        limits.tokens(),
        limits.attempts() + attempts,
        limits.retryDelay(),
        limits.maxRetryAfter(),
        limits.retries() + retries,
        limits.retryTime().plus(retryTime),
        limits.outputRepairs(),
        limits.streamIdle(),
        limits.cancelDeadline(),
        limits.queuedTurns() + queuedTurns);
  }

  long windowBytes(long bytes) {
    return fault == WINDOW_UNBOUNDED ? Long.MAX_VALUE : bytes;
  }

  /** The state that the core is told. */
  SessionState told(SessionState state, Input input) {
    if (!(input instanceof Input.Recovered)) {
      return state;
    }
    return switch (fault) {
      case NUMBERS_GIVEN_AGAIN -> States.reservedUpTo(state, state.lastSeq());
      case RESERVATION_OFF_BY_ONE ->
          States.reservedUpTo(state, Math.max(state.lastSeq(), state.reserved() - 1));
      default -> state;
    };
  }

  /** The state as a snapshot keeps it. */
  SessionState saved(SessionState state) {
    return fault == SNAPSHOT_FORGETS ? States.withoutEndedTurns(state) : state;
  }

  /** What the core is told. */
  Input heard(SessionState state, Input input) {
    if (fault == OLD_OUTCOME_TAKEN && input instanceof Input.ToolEnded ended) {
      Optional<OpenCall> running =
          state.turn().stream()
              .flatMap(turn -> turn.calls().stream())
              .filter(call -> call.isRunning() && call.invocation().equals(ended.invocation()))
              .findFirst();
      return running.isEmpty()
          ? input
          : new Input.ToolEnded(ended.invocation(), running.get().attempt(), ended.outcome());
    }
    return input;
  }

  /** What the core decided. */
  Step decided(SessionState state, Input input, Step step) {
    return Forgeries.of(fault, state, input, step);
  }

  /** The rows that come into the journal. */
  List<JournalRecord> written(List<JournalRecord> rows) {
    return fault == RESERVATION_NOT_EXTENDED
        ? rows.stream().filter(row -> !(row.content() instanceof Reserved)).toList()
        : rows;
  }

  boolean answersEarly() {
    return fault == ANSWERED_BEFORE_DURABLE;
  }

  boolean publishesEarly() {
    return fault == PUBLISHED_BEFORE_DURABLE;
  }

  boolean holdsBack(boolean anyBehind) {
    return fault == INPUT_WAITS_FOR_READERS && anyBehind;
  }

  boolean cancelsOnDisconnect() {
    return fault == DISCONNECT_CANCELS;
  }

  long horizon(long horizon, long lastSeq) {
    return fault == SNAPSHOT_WITHOUT_NEED ? lastSeq : horizon;
  }

  /** How many rows more than it may the journal deletes. */
  long deletedTooMany() {
    return fault == ROWS_DELETED_TOO_EARLY ? 3 : 0;
  }

  /** What a subscriber is sent. */
  List<Delivery> deliveries(List<Delivery> deliveries) {
    return Forgeries.of(fault, deliveries);
  }
}
