package dev.kantele.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.StreamId;
import dev.kantele.runtime.agent.AgentLimits;
import dev.kantele.runtime.session.OpenTurn.OpenStream;
import dev.kantele.runtime.session.OpenTurn.Retries;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RetryPauseTest {
  /** Attempts 3, delay 500 ms, at most 1 min on the vendor's wish. */
  private static final AgentLimits LIMITS = AgentLimits.DEFAULT;

  private static OpenStream stream(String id, int attempt) {
    return new OpenStream(new StreamId(id), "test/none", attempt);
  }

  private static Optional<Duration> after(int attempt, Optional<Duration> retryAfter) {
    return RetryPause.after(stream("s0a1b2c3d4e-1", attempt), Retries.NONE, retryAfter, LIMITS);
  }

  @Test
  void it_doubles_and_is_shortened_by_up_to_a_half() {
    assertThat(after(1, Optional.empty()).orElseThrow())
        .isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(after(2, Optional.empty()).orElseThrow())
        .isBetween(Duration.ofMillis(500), Duration.ofMillis(1_000));
  }

  @Test
  void it_is_the_same_whenever_the_same_stream_is_looked_at() {
    assertThat(after(1, Optional.empty())).isEqualTo(after(1, Optional.empty()));
  }

  @Test
  void sessions_that_failed_together_come_back_apart() {
    Set<Duration> pauses = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      pauses.add(
          RetryPause.after(stream("s" + i + "aabbcc-1", 1), Retries.NONE, Optional.empty(), LIMITS)
              .orElseThrow());
    }

    assertThat(pauses).hasSizeGreaterThan(90);
    assertThat(pauses).anyMatch(pause -> pause.toMillis() < 300);
    assertThat(pauses).anyMatch(pause -> pause.toMillis() > 450);
  }

  @Test
  void what_the_vendor_asks_for_comes_on_top() {
    assertThat(after(1, Optional.of(Duration.ofSeconds(60))).orElseThrow())
        .isBetween(Duration.ofMillis(60_250), Duration.ofMillis(60_500));
  }

  @Test
  void a_vendor_that_asks_for_too_much_is_not_called_again() {
    assertThat(after(1, Optional.of(Duration.ofMillis(60_001)))).isEmpty();
  }

  @Test
  void there_is_none_after_the_last_attempt() {
    assertThat(after(3, Optional.empty())).isEmpty();
  }
}
