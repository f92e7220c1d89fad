package dev.kantele.protocol.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kantele.protocol.Covers;
import dev.kantele.protocol.EventBody;
import dev.kantele.protocol.TurnId;
import dev.kantele.protocol.sequence.EventCursor.Step;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EventCursorTest {
  private static final EventBody EVENT = new EventBody.TurnStarted(new TurnId("t1"));
  private static final EventBody RECOVERED = new EventBody.SessionRecovered();
  private static final EventBody DETACHED = new EventBody.SessionDetached("drain", "Bye.");

  private final EventCursor cursor = EventCursor.after(5);

  private static EventBody page(int page, int pages) {
    return Log.snapshot(page, pages, Log.idle());
  }

  private static EventCursor accepted(Step step) {
    return switch (step) {
      case Step.Accepted accepted -> accepted.next();
      case Step.Hole hole -> throw new AssertionError(hole);
      case Step.Repeat repeat -> throw new AssertionError(repeat);
    };
  }

  @Test
  void the_next_event_is_accepted() {
    assertThat(cursor.accept(Covers.of(6), EVENT))
        .isEqualTo(new Step.Accepted(EventCursor.after(6)));
    assertThat(accepted(cursor.accept(new Covers(6, 40), EVENT)).last()).isEqualTo(40);
    assertThat(new Step.Accepted(EventCursor.after(6)).newLast()).isEqualTo(6);
  }

  @Test
  void a_later_event_leaves_a_hole() {
    assertThat(cursor.accept(new Covers(7, 9), EVENT))
        .isEqualTo(new Step.Hole(6, new Covers(7, 9)));
  }

  @Test
  void an_earlier_event_is_a_repeat_even_if_it_goes_beyond() {
    assertThat(cursor.accept(Covers.of(5), EVENT)).isEqualTo(new Step.Repeat(6, Covers.of(5)));
    assertThat(cursor.accept(new Covers(5, 9), EVENT))
        .isEqualTo(new Step.Repeat(6, new Covers(5, 9)));
  }

  @Test
  void the_end_of_a_subscription_moves_nothing() {
    assertThat(cursor.accept(Covers.of(1), DETACHED)).isEqualTo(new Step.Accepted(cursor));
  }

  @Test
  void nothing_is_before_the_first_event() {
    assertThatThrownBy(() -> EventCursor.after(-1))
        .hasMessage("last: -1 (expected: 0..9007199254740991)");
  }

  @Nested
  class Recovery {
    @Test
    void replaces_what_it_covers() {
      assertThat(accepted(cursor.accept(new Covers(2, 40), RECOVERED)).last()).isEqualTo(40);
      assertThat(accepted(cursor.accept(new Covers(6, 6), RECOVERED)).last()).isEqualTo(6);
    }

    @Test
    void leaves_no_hole() {
      assertThat(cursor.accept(new Covers(7, 40), RECOVERED))
          .isEqualTo(new Step.Hole(6, new Covers(7, 40)));
    }

    @Test
    void does_not_come_twice() {
      assertThat(cursor.accept(new Covers(2, 5), RECOVERED))
          .isEqualTo(new Step.Repeat(6, new Covers(2, 5)));
    }
  }

  @Nested
  class Snapshot {
    private static final Covers NOW = new Covers(1, 40);

    @Test
    void of_one_page_moves_the_cursor() {
      assertThat(accepted(cursor.accept(NOW, page(1, 1))).last()).isEqualTo(40);
    }

    @Test
    void moves_the_cursor_after_its_last_page_only() {
      EventCursor first = accepted(cursor.accept(NOW, page(1, 2)));
      assertThat(first.last()).isEqualTo(5);

      assertThat(accepted(first.accept(NOW, page(2, 2)))).isEqualTo(EventCursor.after(40));
    }

    @Test
    void may_begin_again() {
      EventCursor first = accepted(cursor.accept(NOW, page(1, 3)));

      EventCursor again = accepted(first.accept(new Covers(1, 50), page(1, 2)));

      assertThat(accepted(again.accept(new Covers(1, 50), page(2, 2))).last()).isEqualTo(50);
    }

    @Test
    void misses_no_page() {
      EventCursor first = accepted(cursor.accept(NOW, page(1, 3)));

      assertThat(first.accept(NOW, page(3, 3))).isEqualTo(new Step.Hole(6, NOW));
      assertThat(cursor.accept(NOW, page(2, 3))).isEqualTo(new Step.Hole(6, NOW));
    }

    @Test
    void is_not_interrupted_by_events() {
      EventCursor first = accepted(cursor.accept(NOW, page(1, 2)));

      assertThat(first.accept(Covers.of(6), EVENT)).isEqualTo(new Step.Hole(6, Covers.of(6)));
      assertThat(first.accept(Covers.of(6), RECOVERED)).isEqualTo(new Step.Hole(6, Covers.of(6)));
      assertThat(first.accept(Covers.of(6), DETACHED)).isEqualTo(new Step.Accepted(first));
    }

    @Test
    void tells_something_new() {
      assertThat(cursor.accept(new Covers(1, 5), page(1, 1)))
          .isEqualTo(new Step.Repeat(6, new Covers(1, 5)));
    }
  }
}
