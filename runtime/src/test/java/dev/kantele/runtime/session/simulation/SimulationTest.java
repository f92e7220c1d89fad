package dev.kantele.runtime.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many schedules of one session, each decided by its seed, each held to every rule of the protocol
 * after every step. {@code -Dkantele.simulation.schedules=N} plays more of them, {@code
 * -Dkantele.simulation.seed=N} one of them alone.
 */
final class SimulationTest {
  private static final int SCHEDULES = Integer.getInteger("kantele.simulation.schedules", 10_000);
  private static final Path TABLE = Path.of("target", "simulation-coverage.txt");

  @Test
  @Timeout(3_600)
  void no_schedule_breaks_a_rule_and_every_mishap_meets_every_state() throws Exception {
    Long only = Long.getLong("kantele.simulation.seed");
    if (only != null) {
      assertKeepsTheRules(Simulation.play(only, PlantedFault.NONE));
      return;
    }
    var coverage = new Coverage();
    for (int seed = 1; seed <= SCHEDULES; seed++) {
      Simulation.Outcome outcome = Simulation.play(seed, PlantedFault.NONE);
      assertKeepsTheRules(outcome);
      coverage.add(outcome.coverage());
    }
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, coverage.table());

    assertThat(coverage.wronglyExcluded()).isEmpty();
    assertThat(coverage.missing()).as("of %d pairs", coverage.sensiblePairs()).isEmpty();
  }

  /* A schedule that fails is played again, to say what happened. */
  private static void assertKeepsTheRules(Simulation.Outcome outcome) {
    if (!outcome.findings().isEmpty()) {
      var trace = Simulation.traced(outcome.seed(), PlantedFault.NONE).trace();
      assertThat(outcome.findings())
          .as(
              "-Dkantele.simulation.seed=%d, at the end of:%n%s",
              outcome.seed(),
              String.join("\n", trace.subList(Math.max(0, trace.size() - 40), trace.size())))
          .isEmpty();
    }
  }

  @Test
  void a_seed_plays_the_same_schedule_every_time() {
    for (int seed = 1; seed <= 20; seed++) {
      assertThat(Simulation.play(seed, PlantedFault.NONE).hash())
          .isEqualTo(Simulation.play(seed, PlantedFault.NONE).hash());
    }
  }
}
