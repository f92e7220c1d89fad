package dev.kantele.runtime.session.simulation;

import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.log.Delivery;
import dev.kantele.runtime.log.JournalRecord;
import dev.kantele.runtime.session.Input;
import dev.kantele.runtime.session.SessionState;
import dev.kantele.runtime.session.Step;
import java.util.List;

/** Carries out a {@link PlantedFault}, at the seams between the core, its log and its shell. */
final class Sabotage {
  @SuppressWarnings("UnusedVariable") // No fault is carried out yet.
  private final PlantedFault fault;

  Sabotage(PlantedFault fault) {
    this.fault = fault;
  }

  AgentLimits limits(AgentLimits limits) {
    return limits;
  }

  long windowBytes(long bytes) {
    return bytes;
  }

  SessionState recovered(SessionState state) {
    return state;
  }

  SessionState saved(SessionState state) {
    return state;
  }

  Step decided(SessionState state, Input input, Step step) {
    return step;
  }

  List<JournalRecord> written(List<JournalRecord> rows) {
    return rows;
  }

  boolean answersEarly() {
    return false;
  }

  boolean publishesEarly() {
    return false;
  }

  boolean holdsBack(boolean anyBehind) {
    return false;
  }

  long horizon(long horizon, long lastSeq) {
    return horizon;
  }

  List<Delivery> deliveries(List<Delivery> deliveries) {
    return deliveries;
  }
}
