package dev.kantele.runtime.session.simulation;

/** A fault that is planted to see that the simulation finds it. */
enum PlantedFault {
  NONE(Rule.NOTHING_THROWS);

  private final Rule broken;

  PlantedFault(Rule broken) {
    this.broken = broken;
  }

  /** The rule that the fault breaks. */
  Rule broken() {
    return broken;
  }
}
