package dev.kantele.runtime.session.simulation;

import dev.kantele.runtime.session.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/** Many schedules, one after another on each core. */
final class Schedules {
  private final Coverage coverage = new Coverage();
  private final List<Outcome> broken = new ArrayList<>();
  private long count;
  private long events;

  /** Plays the schedules of {@code count} seeds from {@code firstSeed} on. */
  static Schedules play(long firstSeed, int count) {
    return LongStream.range(firstSeed, firstSeed + count)
        .parallel()
        .mapToObj(seed -> Simulation.play(seed, PlantedFault.NONE))
        .collect(Schedules::new, Schedules::add, Schedules::add);
  }

  private void add(Outcome outcome) {
    coverage.add(outcome.coverage());
    count++;
    events += outcome.events();
    if (!outcome.findings().isEmpty()) {
      broken.add(outcome);
    }
  }

  private void add(Schedules others) {
    coverage.add(others.coverage);
    count += others.count;
    events += others.events;
    broken.addAll(others.broken);
  }

  Coverage coverage() {
    return coverage;
  }

  /** The schedules that broke a rule, by their seeds. */
  List<Outcome> broken() {
    return broken.stream().sorted(Comparator.comparingLong(Outcome::seed)).toList();
  }

  String summary() {
    return "%,d schedules, %,d events, %d broken; %d of %d pairs of mishap and condition seen"
        .formatted(
            count,
            events,
            broken.size(),
            coverage.sensiblePairs() - coverage.missing().size(),
            coverage.sensiblePairs());
  }
}
