package dev.kantele.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofMillis(1500));

  @ParameterizedTest
  @CsvSource({"1, 100", "2, 200", "3, 400", "4, 800", "5, 1500", "6, 1500", "1000, 1500"})
  void a_pause_is_twice_the_one_before_up_to_the_longest(int number, long millis) {
    assertThat(BACKOFF.pause(number, ClientHarness.NO_JITTER)).hasMillis(millis);
  }

  @Property
  void a_pause_is_random_between_a_half_and_the_whole(
      @ForAll @IntRange(min = 1, max = 100) int number, @ForAll long random) {
    Duration whole = BACKOFF.pause(number, ClientHarness.NO_JITTER);

    assertThat(BACKOFF.pause(number, () -> random)).isBetween(whole.dividedBy(2), whole);
  }

  @Property
  void no_bound_makes_it_overflow(
      @ForAll @LongRange(min = 1, max = 1L << 30) long minSeconds,
      @ForAll @IntRange(min = 1, max = 100) int number) {
    var backoff = new Backoff(Duration.ofSeconds(minSeconds), Duration.ofSeconds(1L << 31));

    assertThat(backoff.pause(number, ClientHarness.NO_JITTER))
        .isBetween(backoff.min(), backoff.max());
  }

  @Test
  void bounds_that_make_no_sense_are_refused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessage("min: PT0S (expected: more than 0)");
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessage("max: PT1S (expected: at least PT2S)");
  }
}
