package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.WireNumber;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class CreditTest {
  @Test
  void nothing_granted_is_no_limit() {
    var credit = new Credit(OptionalLong.empty());
    credit.take();
    credit.grant(5);

    assertThat(credit.atMost(100)).isEqualTo(100);
    assertThat(credit.isSpent()).isFalse();
  }

  @Test
  void what_is_granted_is_spent_one_by_one() {
    var credit = new Credit(OptionalLong.of(2));
    assertThat(credit.atMost(100)).isEqualTo(2);
    credit.take();
    credit.take();

    assertThat(credit.isSpent()).isTrue();
    assertThat(credit.atMost(100)).isZero();
    credit.grant(1);
    assertThat(credit.atMost(100)).isEqualTo(1);
  }

  @Test
  void zero_is_a_limit() {
    assertThat(new Credit(OptionalLong.of(0)).isSpent()).isTrue();
  }

  @Test
  void the_largest_numbers_do_not_wrap() {
    var credit = new Credit(OptionalLong.of(WireNumber.MAX));
    credit.grant(WireNumber.MAX);

    assertThat(credit.atMost(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }
}
