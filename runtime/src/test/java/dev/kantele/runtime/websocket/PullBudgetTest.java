package dev.kantele.runtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PullBudgetTest {
  @Test
  void one_alone_gets_a_large_piece() {
    assertThat(new PullBudget(256 * 1024, 128, 64 * 1024).reserve(1)).isEqualTo(64 * 1024);
  }

  @Test
  void many_get_equal_pieces_and_none_gets_nothing() {
    var budget = new PullBudget(100_000, 20, 64 * 1024);
    int pieces = 0;
    for (int i = 0; i < 20; i++) {
      int bytes = budget.reserve(20);
      assertThat(bytes).isEqualTo(100_000 / 2 / 20 + 100_000 / 2 / 20);
      pieces += bytes;
    }

    assertThat(pieces).isEqualTo(100_000);
  }

  @Property(tries = 300)
  void whatever_is_reserved_and_released_never_exceeds_the_whole(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 12) Integer> steps) {
    int pulls = 10;
    var budget = new PullBudget(50_000, pulls, 20_000);
    var reserved = new ArrayDeque<Integer>();
    int total = 0;
    for (int step : steps) {
      if (step == 0 || reserved.size() == pulls) {
        int back = reserved.isEmpty() ? 0 : reserved.removeFirst();
        if (back > 0) {
          budget.release(back);
          total -= back;
        }
      } else {
        int bytes = budget.reserve(step);
        assertThat(bytes).isBetween(50_000 / 2 / pulls, 20_000);
        reserved.add(bytes);
        total += bytes;
      }
      assertThat(total).isLessThanOrEqualTo(50_000);
    }
  }
}
