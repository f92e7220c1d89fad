package dev.kantele.testkit.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.testkit.schedule.Schedule.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Plays 1,000 schedules of a whole node, or as many as {@code -Dkantele.schedules} says, or the one
 * of {@code -Dkantele.schedule.seed}.
 */
@Quiet
class ScheduleTest {
  private static final int SCHEDULES = 1_000;
  private static final int STEP = 250;
  private static final int MORE = 8;
  private static final int LINES_OF_TRACE = 80;
  private static final Path TABLE = Path.of("target", "schedule-coverage.txt");

  @Test
  @Timeout(value = 12, unit = TimeUnit.HOURS)
  void no_schedule_breaks_a_rule_and_together_they_see_everything() throws IOException {
    Long seed = Long.getLong("kantele.schedule.seed");
    if (seed != null) {
      assertThat(story(seed, PlantedFault.NONE)).isEmpty();
      return;
    }
    int count = Integer.getInteger("kantele.schedules", SCHEDULES);
    var all = new Played();
    all.play(1, count);
    /* Which pairs are rare changes with the runtime; what is only rare is found a little later. */
    for (int more = 1; more <= MORE && count >= SCHEDULES && all.isIncomplete(); more++) {
      all.play(count + 1L + (more - 1L) * STEP, STEP);
    }
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, all.coverage.table(), UTF_8);

    assertThat(all.broken.stream().map(Outcome::seed).sorted().toList())
        .as(() -> story(all.first(), PlantedFault.NONE))
        .isEmpty();
    if (count >= SCHEDULES) {
      assertThat(all.coverage.missing()).as("never seen, see " + TABLE).isEmpty();
    }
  }

  @Test
  @Timeout(120)
  void the_same_seed_is_the_same_schedule() {
    for (long seed = 1; seed <= 5; seed++) {
      Outcome first = Schedule.traced(seed, PlantedFault.NONE);
      Outcome again = Schedule.traced(seed, PlantedFault.NONE);

      assertThat(String.join("\n", again.trace()).hashCode())
          .as("schedule %d", seed)
          .isEqualTo(String.join("\n", first.trace()).hashCode());
    }
  }

  @Test
  @Timeout(120)
  void a_story_names_the_seed_and_the_rule() {
    long seed = 1;
    while (Schedule.play(seed, PlantedFault.AN_EVENT_IS_LEFT_OUT).findings().isEmpty()) {
      seed++;
    }

    assertThat(story(seed, PlantedFault.AN_EVENT_IS_LEFT_OUT))
        .contains("-Dkantele.schedule.seed=" + seed)
        .contains(Rule.LOG_RULES.name())
        .contains("/user/sessions/registry");
  }

  /** Many schedules, some at the same time. */
  private static final class Played {
    final Coverage coverage = new Coverage();
    final List<Outcome> broken = new ArrayList<>();

    void play(long from, int count) {
      add(
          LongStream.range(from, from + count)
              .parallel()
              .mapToObj(seed -> Schedule.play(seed, PlantedFault.NONE))
              .collect(Played::new, Played::add, Played::add));
    }

    boolean isIncomplete() {
      return broken.isEmpty() && !coverage.missing().isEmpty();
    }

    private void add(Outcome outcome) {
      coverage.add(outcome.coverage());
      if (!outcome.findings().isEmpty()) {
        broken.add(outcome);
      }
    }

    private void add(Played others) {
      coverage.add(others.coverage);
      broken.addAll(others.broken);
    }

    long first() {
      return broken.stream().min(Comparator.comparingLong(Outcome::seed)).orElseThrow().seed();
    }
  }

  /** What a schedule broke and what happened last before; empty if it broke nothing. */
  private static String story(long seed, PlantedFault planted) {
    Outcome outcome = Schedule.traced(seed, planted);
    if (outcome.findings().isEmpty()) {
      return "";
    }
    var story = new StringBuilder("Schedule " + seed + " broke rules:\n");
    outcome
        .findings()
        .forEach(one -> story.append(one.rule()).append(": ").append(one.sentence()).append('\n'));
    story
        .append("Replay it: ./mvnw -pl testkit -am -Dtest=ScheduleTest")
        .append(" -Dsurefire.failIfNoSpecifiedTests=false -Dkantele.schedule.seed=")
        .append(seed)
        .append(" verify\nWhat happened last:\n");
    outcome.trace().stream()
        .skip(Math.max(0, outcome.trace().size() - LINES_OF_TRACE))
        .forEach(line -> story.append(line).append('\n'));
    return story.toString();
  }
}
