package dev.kantele.runtime.session.simulation;

/** What all who take part in a schedule share. */
final class World {
  final Dice dice;
  final Timeline time = new Timeline();
  final Trace trace;
  final Findings findings;
  final Coverage coverage = new Coverage();
  final Circumstances circumstances;
  final Sabotage sabotage;

  /** From here on nothing goes wrong any more and nobody begins anything. */
  boolean calm;

  private long moments;

  World(long seed, PlantedFault planted, boolean traced) {
    this.dice = new Dice(seed);
    this.trace = new Trace(time, traced);
    this.findings = new Findings(trace);
    this.circumstances = Circumstances.of(dice);
    this.sabotage = new Sabotage(planted);
  }

  /** Whether a mishap happens that does so in {@code perMille} of 1,000 cases. */
  boolean mishap(int perMille) {
    return !calm && perMille > 0 && dice.perMille(perMille);
  }

  /** A number for this moment; later ones are greater. */
  long moment() {
    return ++moments;
  }
}
