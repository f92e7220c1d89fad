package dev.kantele.cluster.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LoopTableTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final Path TABLE = MODULE.resolve("src/test/resources/golden/loop-table.txt");

  private static JsonNode loop(int lostWakeups) throws IOException {
    return new JsonMapper()
        .readTree(
            """
            {"name": "kantele.poller-dispatcher\\u001b[2J", "state": "running", "age_ms": 3723000,
             "budget_exhausted": 4, "sources": 2, "faults": 0, "wakeups_by_cap_with_work": %d,
             "wakeups_asked": 900, "wakeups_written": 120, "wakeups_saved": 780,
             "wakeups_failed": 0,
             "depth": {"foreign": {"now": 1, "max": 7, "average": 0.25},
                       "own": {"now": 0, "max": 3, "average": 0},
                       "scheduled": {"now": 5, "max": 6, "average": 5.04}},
             "rates": {"tasks": 1234.56, "timers": 10, "events": 0, "busy": 0.123},
             "queue_wait_ns": {"count": 40, "p50": 850, "p90": 1240, "p99": 56000,
                               "p999": 2300000, "max": 1500000000},
             "run_ns": {"count": 40, "p50": 32, "p90": 999, "p99": 1000, "p999": 1000000,
                        "max": 1000000000},
             "timer_lateness_ns": {"count": 0, "p50": 0, "p90": 0, "p99": 0, "p999": 0, "max": 0},
             "events_per_wait": {"count": 12, "p50": 0, "p90": 1, "p99": 2, "p999": 2, "max": 3}}
            """
                .formatted(lostWakeups));
  }

  private static String render(Style style, int lostWakeups) throws IOException {
    return new LoopTable(style).render(loop(lostWakeups));
  }

  @Test
  void a_loop_is_a_table() throws IOException {
    assertThat(render(new Style(/* colour= */ false, /* unicode= */ true), 0))
        .isEqualTo(Files.readString(TABLE));
  }

  @Test
  void where_there_is_only_ascii_it_has_no_more() throws IOException {
    assertThat(render(Style.PLAIN, 0)).isEqualTo(Files.readString(TABLE).replace("µs", "us"));
  }

  @Test
  void colours_change_nothing_else() throws IOException {
    assertThat(
            render(new Style(/* colour= */ true, /* unicode= */ true), 0)
                .replaceAll("\u001b\\[[0-9]+m", ""))
        .isEqualTo(Files.readString(TABLE));
  }

  @Test
  void a_lost_wake_up_is_red() throws IOException {
    Style colours = new Style(/* colour= */ true, /* unicode= */ true);
    String red = "\u001b[31mwakeups_by_cap_with_work 1\u001b[0m";

    assertThat(render(colours, 1)).contains(red);
    assertThat(render(colours, 0)).doesNotContain("\u001b[31m");
  }
}
