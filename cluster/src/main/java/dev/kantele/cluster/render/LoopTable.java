package dev.kantele.cluster.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.DoubleFunction;

/**
 * How a poll loop does, as a table: {@code Loop} of {@code /v1/openapi.json}. What a node does not
 * tell is shown as nothing, or 0. Any thread.
 */
public final class LoopTable {
  private static final String[] PERCENTILES = {"p50", "p90", "p99", "p999", "max"};
  private static final int LONGEST_TEXT = 60;
  private static final double THOUSAND = 1_000;

  private final Style style;

  /** For a terminal that can show {@code style}. */
  public LoopTable(Style style) {
    this.style = style;
  }

  /** One loop's lines, each with its line break. */
  public String render(JsonNode loop) {
    var lines = new StringJoiner("\n", "", "\n");
    lines.add(
        style.cyan(text(loop, "name"))
            + "  "
            + text(loop, "state")
            + ", up "
            + age(loop.path("age_ms").asLong())
            + ", busy "
            + number(100 * loop.at("/rates/busy").asDouble())
            + " %");
    lines.add(style.dim(row("last 10 s", "p50", "p90", "p99", "p99.9", "max", "count")));
    lines.add(spread("task wait", loop.path("queue_wait_ns"), this::time));
    lines.add(spread("task run", loop.path("run_ns"), this::time));
    lines.add(spread("timer lateness", loop.path("timer_lateness_ns"), this::time));
    lines.add(spread("events per wait", loop.path("events_per_wait"), LoopTable::whole));
    lines.add(style.dim(row("depth", "now", "max", "average")));
    lines.add(depth("others' tasks", loop.at("/depth/foreign")));
    lines.add(depth("own tasks", loop.at("/depth/own")));
    lines.add(depth("timers", loop.at("/depth/scheduled")));
    lines.add(style.dim(row("per second", "tasks", "timers", "events")));
    JsonNode rates = loop.path("rates");
    lines.add(
        row(
            "last 10 s",
            number(rates.path("tasks").asDouble()),
            number(rates.path("timers").asDouble()),
            number(rates.path("events").asDouble())));
    lines.add(style.dim(row("wake-ups", "asked", "written", "saved", "failed")));
    lines.add(
        row(
            "since it began",
            count(loop, "wakeups_asked"),
            count(loop, "wakeups_written"),
            count(loop, "wakeups_saved"),
            count(loop, "wakeups_failed")));
    lines.add(
        "  budget exhausted "
            + count(loop, "budget_exhausted")
            + ", sources "
            + count(loop, "sources")
            + ", "
            + alarm(loop, "faults")
            + ", "
            + alarm(loop, "wakeups_by_cap_with_work"));
    return lines.toString();
  }

  private static String spread(String name, JsonNode values, DoubleFunction<String> shown) {
    long count = values.path("count").asLong();
    String[] cells =
        Arrays.stream(PERCENTILES)
            .map(key -> count == 0 ? "-" : shown.apply(values.path(key).asDouble()))
            .toArray(String[]::new);
    cells = Arrays.copyOf(cells, cells.length + 1);
    cells[cells.length - 1] = Long.toString(count);
    return row(name, cells);
  }

  private static String depth(String name, JsonNode depth) {
    return row(
        name, count(depth, "now"), count(depth, "max"), number(depth.path("average").asDouble()));
  }

  /** A count that should be 0. */
  private String alarm(JsonNode loop, String key) {
    String shown = key + " " + count(loop, key);
    return loop.path(key).asLong() == 0 ? shown : style.red(shown);
  }

  private static String row(String name, String... cells) {
    var row = new StringBuilder("  %-16s".formatted(name));
    for (String cell : cells) {
      row.append("%10s".formatted(cell));
    }
    return row.toString();
  }

  private static String count(JsonNode of, String key) {
    return Long.toString(of.path(key).asLong());
  }

  /** The node may be any that answers there: nothing of it steers the terminal. */
  private String text(JsonNode of, String key) {
    return Printable.line(of.path(key).asText(), LONGEST_TEXT, style);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private String time(double nanos) {
    if (nanos < THOUSAND) {
      return whole(nanos) + " ns";
    }
    double micros = nanos / THOUSAND;
    if (micros < THOUSAND) {
      return number(micros) + (style.unicode() ? " µs" : " us");
    }
    double millis = micros / THOUSAND;
    return millis < THOUSAND ? number(millis) + " ms" : number(millis / THOUSAND) + " s";
  }

  private static String age(long millis) {
    Duration age = Duration.ofMillis(millis);
    return "%d:%02d:%02d".formatted(age.toHours(), age.toMinutesPart(), age.toSecondsPart());
  }
}
