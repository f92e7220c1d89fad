package dev.kantele.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private final TokenBucket bucket = new TokenBucket(10, 3, 1_000);

  @Test
  void a_burst_passes_and_then_each_waits_its_time() {
    assertThat(bucket.take(1_000)).isZero();
    assertThat(bucket.take(1_000)).isZero();
    assertThat(bucket.take(1_000)).isZero();
    assertThat(bucket.take(1_000)).isEqualTo(100);
    assertThat(bucket.take(1_060)).isEqualTo(40);
    assertThat(bucket.take(1_100)).isZero();
    assertThat(bucket.take(1_100)).isEqualTo(100);
  }

  @Test
  void a_long_rest_fills_it_to_its_bound_and_not_further() {
    bucket.take(1_000);

    assertThat(bucket.take(1_000_000)).isZero();
    assertThat(bucket.take(1_000_000)).isZero();
    assertThat(bucket.take(1_000_000)).isZero();
    assertThat(bucket.take(1_000_000)).isPositive();
  }

  @Test
  void a_clock_that_goes_back_gives_nothing_and_takes_nothing() {
    bucket.take(1_000);
    bucket.take(1_000);
    bucket.take(1_000);

    assertThat(bucket.take(0)).isEqualTo(100);
    assertThat(bucket.take(100)).isZero();
  }
}
