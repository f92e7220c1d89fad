package dev.kantele.tools.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.ToolEffect;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockToolTest {
  private final ClockTool clock =
      new ClockTool(
          Clock.fixed(Instant.parse("2026-11-20T00:41:07.345Z"), ZoneId.of("Europe/Helsinki")));

  @Test
  void it_tells_the_time_of_a_zone() {
    assertThat(ToolRuns.output(clock, "{\"zone\": \"Asia/Tokyo\"}"))
        .isEqualTo(
            ToolRuns.json(
                """
                {"zone": "Asia/Tokyo", "time": "2026-11-20T09:41:07+09:00", "weekday": "Friday",
                 "utc": "2026-11-20T00:41:07Z"}"""));
  }

  @ParameterizedTest
  @CsvSource({
    "Tokyo, Asia/Tokyo, 2026-11-20T09:41:07+09:00, Friday",
    "new york, America/New_York, 2026-11-19T19:41:07-05:00, Thursday",
    "Mumbai, Asia/Kolkata, 2026-11-20T06:11:07+05:30, Friday",
    "+02:00, +02:00, 2026-11-20T02:41:07+02:00, Friday",
    "UTC-5, -05:00, 2026-11-19T19:41:07-05:00, Thursday",
  })
  void a_zone_may_be_a_city_or_an_offset(String name, String zone, String time, String weekday) {
    var output = ToolRuns.output(clock, "{\"zone\": \"" + name + "\"}");

    assertThat(output.path("zone").asText()).isEqualTo(zone);
    assertThat(output.path("time").asText()).isEqualTo(time);
    assertThat(output.path("weekday").asText()).isEqualTo(weekday);
    assertThat(output.path("utc").asText()).isEqualTo("2026-11-20T00:41:07Z");
  }

  @Test
  void without_a_zone_it_is_utc_whatever_the_zone_of_the_node() {
    var output = ToolRuns.output(clock, "{}");

    assertThat(output.path("zone").asText()).isEqualTo("UTC");
    assertThat(output.path("time").asText()).isEqualTo("2026-11-20T00:41:07Z");
  }

  @Test
  void an_unknown_zone_names_what_is_near() {
    assertThat(ToolRuns.failure(clock, "{\"zone\": \"Tokio\"}"))
        .startsWith("there is no time zone or city 'Tokio' (did you mean Tokyo");
  }

  @Test
  void a_zone_that_nothing_is_near_names_the_forms() {
    assertThat(ToolRuns.failure(clock, "{\"zone\": \"qqqqqqqqqq\"}"))
        .isEqualTo(
            "there is no time zone or city 'qqqqqqqqqq' (expected: such as Asia/Tokyo, +02:00 or"
                + " Tokyo)");
  }

  @Test
  void it_changes_nothing() {
    assertThat(clock.spec().effect()).isEqualTo(ToolEffect.READ_ONLY);
  }
}
