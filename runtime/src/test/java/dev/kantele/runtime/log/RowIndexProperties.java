package dev.kantele.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A sparse index against a list of all rows. */
class RowIndexProperties {
  /* Each step is how far the number moves at a row: not at all for a note. */
  private static List<Long> numbers(List<Integer> steps) {
    var numbers = new ArrayList<Long>();
    long seq = 1;
    for (int step : steps) {
      seq += step;
      numbers.add(seq);
    }
    return numbers;
  }

  private static RowIndex index(List<Long> numbers) {
    RowIndex index = RowIndex.EMPTY;
    for (long seq : numbers) {
      index = index.append(seq);
    }
    return index;
  }

  private static long firstRowAfter(List<Long> numbers, long after) {
    long row = 1;
    while (row <= numbers.size() && numbers.get((int) row - 1) <= after) {
      row++;
    }
    return row;
  }

  @Property(tries = 300)
  void no_row_after_a_number_is_missed_and_few_before_it_are_read(
      @ForAll @Size(max = 400) List<@IntRange(max = 3) Integer> steps,
      @ForAll @IntRange(max = 1_300) int after) {
    List<Long> numbers = numbers(steps);

    long found = index(numbers).rowAfter(after);

    long wanted = firstRowAfter(numbers, after);
    assertThat(found).isBetween(Math.max(1, wanted - 63), wanted);
  }

  @Property(tries = 300)
  void rows_before_the_first_that_is_kept_are_not_asked_for(
      @ForAll @Size(min = 1, max = 400) List<@IntRange(max = 3) Integer> steps,
      @ForAll @IntRange(max = 1_300) int after,
      @ForAll @IntRange(min = 1, max = 400) int firstRow) {
    List<Long> numbers = numbers(steps);
    long kept = Math.min(firstRow, numbers.size());

    RowIndex index = index(numbers).from(kept);

    assertThat(index.rowAfter(after))
        .isGreaterThanOrEqualTo(kept)
        .isLessThanOrEqualTo(Math.max(kept, firstRowAfter(numbers, after)));
  }

  @Property(tries = 100)
  void it_is_restored_from_what_it_tells_of_itself(
      @ForAll @Size(max = 300) List<@IntRange(max = 3) Integer> steps) {
    RowIndex index = index(numbers(steps));

    assertThat(RowIndex.of(index.marks(), index.rows(), index.firstRow())).isEqualTo(index);
    assertThat(index.rows()).isEqualTo(steps.size());
  }
}
