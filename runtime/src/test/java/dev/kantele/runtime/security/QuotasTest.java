package dev.kantele.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class QuotasTest {
  private final Quotas quotas = new Quotas(new Quotas.Limits(1, 2, 10, 3));

  @Test
  void a_principal_has_so_many_connections_and_no_more() {
    assertThat(quotas.enter("ann")).isTrue();
    assertThat(quotas.enter("ann")).isTrue();
    assertThat(quotas.enter("ann")).isFalse();
    assertThat(quotas.enter("bob")).isTrue();

    quotas.leave("ann");

    assertThat(quotas.enter("ann")).isTrue();
    assertThat(quotas.enter("ann")).isFalse();
  }

  @Test
  void all_at_once_get_as_many_as_one_after_another() {
    var all = new Quotas(new Quotas.Limits(1, 100, 1, 1));
    var entered = new AtomicInteger();

    IntStream.range(0, 10_000)
        .parallel()
        .forEach(
            _ -> {
              if (all.enter("ann")) {
                entered.incrementAndGet();
              }
            });

    assertThat(entered).hasValue(100);
  }

  @Test
  void the_commands_of_all_its_clients_count_together() {
    assertThat(quotas.take("ann", 0)).isZero();
    assertThat(quotas.take("ann", 0)).isZero();
    assertThat(quotas.take("ann", 0)).isZero();
    assertThat(quotas.take("ann", 0)).isEqualTo(100);
    assertThat(quotas.take("bob", 0)).isZero();
    assertThat(quotas.take("ann", 100)).isZero();
  }

  @Test
  void who_uses_nothing_is_forgotten() {
    for (int i = 0; i < 5_000; i++) {
      assertThat(quotas.enter("p" + i)).isTrue();
      quotas.leave("p" + i);
      quotas.take("p" + i, i * 1_000L);
    }

    assertThat(quotas.known()).isLessThan(1_100);
  }

  @Test
  void bounds_below_one_are_refused() {
    assertThatThrownBy(() -> new Quotas.Limits(1, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("connections: 0 (expected: at least 1)");
  }
}
