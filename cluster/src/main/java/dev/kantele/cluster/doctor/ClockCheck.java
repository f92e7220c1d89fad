package dev.kantele.cluster.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Whether the machine knows the time, by which events are dated and tokens expire. */
final class ClockCheck {
  private static final String CHECK = "clock";
  private static final int EARLIEST_YEAR = 2025;
  private static final int LATEST_YEAR = 2100;
  private static final Duration MOST = Duration.ofSeconds(30);

  static Finding check(Clock clock, Optional<Duration> behind) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    int year = now.atOffset(ZoneOffset.UTC).getYear();
    if (year < EARLIEST_YEAR || year > LATEST_YEAR) {
      return Finding.fail(CHECK, "it is not %s; set the clock, best by NTP".formatted(now));
    }
    if (behind.isEmpty()) {
      return Finding.ok(CHECK, now.toString());
    }
    long seconds = behind.get().toSeconds();
    return behind.get().abs().compareTo(MOST) > 0
        ? Finding.warn(
            CHECK,
            "%s, which is %d s %s the clock of a model's server; set the clock, best by NTP"
                .formatted(now, Math.abs(seconds), seconds > 0 ? "behind" : "ahead of"))
        : Finding.ok(CHECK, now + ", and a model's server agrees");
  }

  private ClockCheck() {}
}
