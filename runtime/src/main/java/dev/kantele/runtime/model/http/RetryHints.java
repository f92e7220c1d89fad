package dev.kantele.runtime.model.http;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads from an answer's headers when a vendor wants to be called again. */
final class RetryHints {
  /**
   * {@code retry-after-ms}, or else {@code Retry-After}: seconds, or a date (RFC 9110, section
   * 10.2.3). What can't be read is not there; a date that has passed is no pause.
   */
  static Optional<Duration> retryAfter(
      Optional<String> millis, Optional<String> retryAfter, Clock clock) {
    return millis
        .flatMap(text -> number(text, /* unitMillis= */ 1))
        .or(() -> retryAfter.flatMap(text -> number(text, /* unitMillis= */ 1_000)))
        .or(() -> retryAfter.flatMap(text -> untilDate(text, clock)));
  }

  /* Seconds are whole by the standard, and not whole as some vendors send them. */
  private static Optional<Duration> number(String text, int unitMillis) {
    if (!text.strip().matches("[0-9]{1,12}(\\.[0-9]{1,9})?")) {
      return Optional.empty();
    }
    double units = Double.parseDouble(text.strip());
    return Optional.of(Duration.ofMillis((long) Math.ceil(units * unitMillis)));
  }

  private static Optional<Duration> untilDate(String text, Clock clock) {
    try {
      Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from);
      Duration pause = Duration.between(clock.instant(), date);
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether {@code x-should-retry} says yes or no; empty if it says neither. */
  static Optional<Boolean> shouldRetry(String text) {
    return switch (text.strip()) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private RetryHints() {}
}
