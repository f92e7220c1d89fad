package dev.kantele.runtime.session.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.runtime.session.simulation.Simulation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays 10,000 schedules, or as many as {@code -Dkantele.simulation.schedules} says, or the one of
 * {@code -Dkantele.simulation.seed}.
 */
class SimulationTest {
  private static final int SCHEDULES = 10_000;
  private static final int LINES_OF_TRACE = 60;
  private static final Path TABLE = Path.of("target", "simulation-coverage.txt");
  private static final Logger LOG = LoggerFactory.getLogger(SimulationTest.class);

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void no_schedule_breaks_a_rule_and_together_they_see_everything() throws IOException {
    Long seed = Long.getLong("kantele.simulation.seed");
    if (seed != null) {
      assertThat(story(seed)).as("schedule %d", seed).isEmpty();
      return;
    }
    int count = Integer.getInteger("kantele.simulation.schedules", SCHEDULES);
    Schedules schedules = Schedules.play(1, count);
    Files.writeString(TABLE, schedules.coverage().table(), UTF_8);
    LOG.info("{}", schedules.summary());

    assertThat(schedules.broken().stream().map(Outcome::seed).toList())
        .as(() -> story(schedules.broken().getFirst().seed()))
        .isEmpty();
    if (count >= SCHEDULES) {
      assertThat(schedules.coverage().missing()).as("never seen, see " + TABLE).isEmpty();
    }
  }

  @Test
  void the_same_seed_is_the_same_schedule() {
    for (long seed = 1; seed <= 20; seed++) {
      Outcome first = Simulation.play(seed, PlantedFault.NONE);
      Outcome again = Simulation.traced(seed, PlantedFault.NONE);

      assertThat(again.hash()).as("schedule %d", seed).isEqualTo(first.hash());
      assertThat(again.events()).isEqualTo(first.events());
    }
  }

  @Test
  void another_seed_is_another_schedule() {
    assertThat(Simulation.play(1, PlantedFault.NONE).hash())
        .isNotEqualTo(Simulation.play(2, PlantedFault.NONE).hash());
  }

  @Test
  void a_story_names_the_seed_and_the_rule() {
    String story = story(firstBroken(), PlantedFault.COVERS_DROPPED);

    assertThat(story)
        .contains("-Dkantele.simulation.seed=" + firstBroken())
        .contains(Rule.NO_HOLE_NO_REPEAT.name())
        .contains(" input ");
  }

  private static long firstBroken() {
    long seed = 1;
    while (Simulation.play(seed, PlantedFault.COVERS_DROPPED).findings().isEmpty()) {
      seed++;
    }
    return seed;
  }

  private static String story(long seed) {
    return story(seed, PlantedFault.NONE);
  }

  /** Returns what a schedule broke and what happened last before; empty if it broke nothing. */
  private static String story(long seed, PlantedFault planted) {
    Outcome outcome = Simulation.traced(seed, planted);
    if (outcome.findings().isEmpty()) {
      return "";
    }
    var story = new StringBuilder("Schedule " + seed + " broke rules:\n");
    outcome
        .findings()
        .forEach(finding -> story.append(finding.rule() + ": " + finding.sentence() + "\n"));
    story.append("Replay it by -Dkantele.simulation.seed=" + seed + ". What happened last:\n");
    outcome.trace().stream()
        .skip(Math.max(0, outcome.trace().size() - LINES_OF_TRACE))
        .forEach(line -> story.append(line).append('\n'));
    return story.toString();
  }
}
