package dev.kantele.runtime.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulation that finds nothing proves nothing, unless it finds what is there. */
class PlantedFaultTest {
  private static final int SCHEDULES = 3_000;
  private static final int ENOUGH = 15;

  /* A fault may show in more ways than one; in none oftener than as what it is. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void the_simulation_finds_it_and_names_the_rule(PlantedFault fault) {
    List<Rule> broken = new ArrayList<>();
    for (long seed = 1; seed <= SCHEDULES && broken.size() < ENOUGH; seed++) {
      var findings = Simulation.play(seed, fault).findings();
      if (!findings.isEmpty()) {
        broken.add(findings.getFirst().rule());
      }
    }

    assertThat(broken).as("first rules that %s broke", fault).isNotEmpty();
    assertThat(broken)
        .as("%s among %s", fault.broken(), broken)
        .allMatch(rule -> count(broken, rule) <= count(broken, fault.broken()));
  }

  private static long count(List<Rule> broken, Rule wanted) {
    return broken.stream().filter(wanted::equals).count();
  }
}
