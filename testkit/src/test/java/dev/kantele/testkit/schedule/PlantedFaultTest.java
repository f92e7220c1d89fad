package dev.kantele.testkit.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schedules that find nothing prove nothing, unless they find what is there. */
@Quiet
class PlantedFaultTest {
  private static final int SCHEDULES = 150;
  private static final int ENOUGH = 3;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void is_found_and_the_rule_is_named(PlantedFault fault) {
    List<Rule> broken = new ArrayList<>();
    for (long seed = 1; seed <= SCHEDULES && broken.size() < ENOUGH; seed++) {
      var findings = Schedule.play(seed, fault).findings();
      if (!findings.isEmpty()) {
        broken.add(
            findings.stream().anyMatch(one -> one.rule() == fault.broken())
                ? fault.broken()
                : findings.getFirst().rule());
      }
    }

    assertThat(broken).as("rules that %s broke", fault).hasSize(ENOUGH).contains(fault.broken());
    assertThat(broken.stream().filter(fault.broken()::equals).count()).isGreaterThanOrEqualTo(2);
  }
}
