package dev.kantele.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a seed gives the same run again: what every actor received, in order. */
@Timeout(120)
final class ReplayTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void a_seed_gives_the_same_run_again(long seed) {
    TestNode first = BusyRun.node(seed);
    TestNode second = BusyRun.node(seed);

    List<String> one = first.world().trace().lines();
    assertThat(second.world().trace().lines()).hasSizeGreaterThan(500);
    assertThat(firstDifference(one, second.world().trace().lines())).isEmpty();
    assertThat(first.world().strays()).isEmpty();
    assertThat(first.violations()).isEmpty();
  }

  @Test
  void another_seed_gives_another_run() {
    assertThat(BusyRun.trace(1)).isNotEqualTo(BusyRun.trace(2));
  }

  @Test
  void another_jvm_gives_the_same_run() throws Exception {
    assertThat(digestOfAnotherJvm(7)).isEqualTo(digestOfAnotherJvm(7)).startsWith("DIGEST ");
  }

  private static String digestOfAnotherJvm(long seed) throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BusyRun.class.getName(),
                Long.toString(seed))
            .redirectErrorStream(true)
            .start();
    try (var out = java.inputReader()) {
      String digest =
          out.lines().filter(line -> line.startsWith("DIGEST ")).reduce("none", (_, last) -> last);
      java.waitFor();
      return digest;
    } finally {
      java.destroyForcibly();
    }
  }

  private static String firstDifference(List<String> one, List<String> other) {
    for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
      String left = i < one.size() ? one.get(i) : "nothing";
      String right = i < other.size() ? other.get(i) : "nothing";
      if (!left.equals(right)) {
        return i + ":\n" + left + "\n" + right;
      }
    }
    return "";
  }
}
