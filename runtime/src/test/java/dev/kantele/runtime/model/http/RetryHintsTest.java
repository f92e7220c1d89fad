package dev.kantele.runtime.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryHintsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  private static Optional<Duration> retryAfter(String value) {
    return RetryHints.retryAfter(Optional.empty(), Optional.of(value), CLOCK);
  }

  @ParameterizedTest
  @CsvSource({
    "1, PT1S",
    "0, PT0S",
    "1.5, PT1.5S",
    "' 20 ', PT20S",
    "'Sun, 01 Mar 2026 12:00:30 GMT', PT30S",
    "'Sun, 01 Mar 2026 11:00:00 GMT', PT0S"
  })
  void a_pause_is_seconds_or_a_date(String value, Duration pause) {
    assertThat(retryAfter(value)).contains(pause);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1e9", "99999999999999999999", "Sun, 41 Mar 2026"})
  void what_can_not_be_read_is_no_pause(String value) {
    assertThat(retryAfter(value)).isEmpty();
  }

  @Test
  void milliseconds_win() {
    assertThat(RetryHints.retryAfter(Optional.of("250"), Optional.of("1"), CLOCK))
        .contains(Duration.ofMillis(250));
    assertThat(RetryHints.retryAfter(Optional.of("soon"), Optional.of("1"), CLOCK))
        .contains(Duration.ofSeconds(1));
  }

  @Test
  void a_vendor_may_say_whether_to_try_again() {
    assertThat(RetryHints.shouldRetry("true")).contains(true);
    assertThat(RetryHints.shouldRetry("false")).contains(false);
    assertThat(RetryHints.shouldRetry("maybe")).isEmpty();
  }
}
