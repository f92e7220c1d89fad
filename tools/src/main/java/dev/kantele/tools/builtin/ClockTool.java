package dev.kantele.tools.builtin;

import static java.time.temporal.ChronoUnit.SECONDS;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kantele.protocol.Failure;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.runtime.tool.BlockingTool;
import dev.kantele.runtime.tool.ToolCall;
import dev.kantele.runtime.tool.ToolException;
import dev.kantele.runtime.tool.ToolOutput;
import dev.kantele.runtime.tool.ToolSpec;
import dev.kantele.runtime.zone.ZoneNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;

/**
 * The tool {@code clock}: tells the time in a zone, by default UTC, and returns {@code {zone, time,
 * weekday, utc}}; {@code time} is ISO 8601 with the zone's offset.
 */
public final class ClockTool extends BlockingTool {
  private static final ToolSpec SPEC =
      new ToolSpec(
          "clock",
          "Tells the current date, time and weekday in a time zone.",
          InputSchema.of(
              """
              {
                "type": "object",
                "properties": {
                  "zone": {
                    "type": "string",
                    "description": "A zone such as Asia/Tokyo, an offset such as +02:00, or a city; UTC if left out",
                    "maxLength": 100
                  }
                },
                "additionalProperties": false
              }"""),
          ToolEffect.READ_ONLY,
          Duration.ofSeconds(5));

  // Not ZoneOffset.UTC, whose id is Z.
  private static final ZoneId UTC = ZoneId.of("UTC");

  private final Clock clock;

  /** A tool that reads {@code clock}, whose own zone does not matter. */
  public ClockTool(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  protected JsonNode call(ToolCall call, ToolOutput output) {
    ZoneId zone = zone(call.arguments().path("zone").asText(""));
    Instant now = clock.instant().truncatedTo(SECONDS);
    OffsetDateTime local = now.atZone(zone).toOffsetDateTime();
    return JsonNodeFactory.instance
        .objectNode()
        .put("zone", zone.getId())
        .put("time", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(local))
        .put("weekday", local.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH))
        .put("utc", now.toString());
  }

  @Override
  protected boolean undoneByInterrupt() {
    return true;
  }

  private static ZoneId zone(String name) {
    if (name.isBlank()) {
      return UTC;
    }
    return ZoneNames.find(name)
        .orElseThrow(
            () ->
                new ToolException(
                    new Failure("unknown_zone", unknown(name), /* retryable= */ false)));
  }

  private static String unknown(String name) {
    List<String> near = ZoneNames.near(name);
    return near.isEmpty()
        ? "there is no time zone or city '%s' (expected: such as Asia/Tokyo, +02:00 or Tokyo)"
            .formatted(name)
        : "there is no time zone or city '%s' (did you mean %s?)"
            .formatted(name, String.join(" or ", near));
  }
}
