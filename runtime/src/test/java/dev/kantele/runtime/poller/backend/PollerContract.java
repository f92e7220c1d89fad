package dev.kantele.runtime.poller.backend;

import static dev.kantele.runtime.poller.backend.Interest.NONE;
import static dev.kantele.runtime.poller.backend.Interest.READ;
import static dev.kantele.runtime.poller.backend.Interest.READ_WRITE;
import static dev.kantele.runtime.poller.backend.Interest.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each back end does. Each test polls without waiting, but for those about waiting. */
@Timeout(20)
abstract class PollerContract {
  Poller poller;
  private final Ready ready = new Ready();

  /** A back end of its own for each test. */
  abstract Poller open() throws IOException;

  /** A line that this back end can poll. */
  abstract Line line() throws IOException;

  @BeforeEach
  void openPoller() throws IOException {
    poller = open();
  }

  @AfterEach
  void closePoller() throws IOException {
    poller.close();
  }

  final Map<Watch, Integer> poll() throws IOException {
    return poll(0);
  }

  /** What is ready, without what hints at hang-ups before there are any. */
  private Map<Watch, Integer> poll(long timeoutNanos) throws IOException {
    ready.clear();
    poller.poll(timeoutNanos, ready);
    Map<Watch, Integer> found = new LinkedHashMap<>();
    for (int i = 0; i < ready.size(); i++) {
      Watch watch = ready.watch(i);
      int told = watch.take(ready.readiness(i));
      assertThat(found.put(watch, told)).as("each source once").isNull();
    }
    return found;
  }

  /** Whether the next wait tells of {@code watch} that it can be read, whatever else it tells. */
  final boolean toldToRead(Watch watch) throws IOException {
    return (poll().getOrDefault(watch, 0) & READ) != 0;
  }

  final Watch added(Line line, Trigger trigger, int interest) throws IOException {
    Watch watch = line.watch(trigger, interest);
    poller.add(watch);
    return watch;
  }

  @Nested
  class ByLevel {
    @Test
    void nothing_is_ready_before_something_happens() throws IOException {
      try (Line line = line()) {
        added(line, Trigger.LEVEL, READ);
        assertThat(poll()).isEmpty();
      }
    }

    @Test
    void a_source_is_ready_to_read_at_each_wait_until_it_is_read() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, READ);
        line.send();
        assertThat(poll()).containsExactly(Map.entry(watch, READ));
        assertThat(poll()).containsExactly(Map.entry(watch, READ));
        line.drain();
        assertThat(poll()).isEmpty();
      }
    }

    @Test
    void a_source_is_ready_to_write_until_there_is_no_room() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, WRITE);
        assertThat(poll()).containsExactly(Map.entry(watch, WRITE));
        line.fill();
        assertThat(poll()).isEmpty();
        line.drainOther();
        assertThat(poll()).containsExactly(Map.entry(watch, WRITE));
      }
    }

    @Test
    void reading_and_writing_are_told_as_one() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, READ_WRITE);
        line.send();
        assertThat(poll()).containsExactly(Map.entry(watch, READ_WRITE));
      }
    }

    @Test
    void only_what_is_asked_for_is_told() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, READ);
        line.send();
        poller.update(watch, WRITE);
        assertThat(poll()).containsExactly(Map.entry(watch, WRITE));
        poller.update(watch, NONE);
        assertThat(poll()).isEmpty();
        poller.update(watch, READ);
        assertThat(poll()).containsExactly(Map.entry(watch, READ));
      }
    }

    @Test
    void a_hang_up_is_ready_to_read() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, READ);
        line.hangUp();
        assertThat(toldToRead(watch)).isTrue();
      }
    }

    @Test
    void a_hang_up_that_nobody_asked_for_is_told_once_at_most() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, NONE);
        line.hangUp();
        poll();
        assertThat(poll()).isEmpty();
        poller.update(watch, READ);
        assertThat(toldToRead(watch)).as("told to who asks later").isTrue();
      }
    }
  }

  @Nested
  class Once {
    @Test
    void a_source_is_told_once_until_it_is_asked_for_again() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.ONE_SHOT, READ);
        line.send();
        assertThat(poll()).containsExactly(Map.entry(watch, READ));
        line.send();
        assertThat(poll()).isEmpty();
        poller.update(watch, READ);
        assertThat(poll()).containsExactly(Map.entry(watch, READ));
      }
    }

    @Test
    void what_is_told_takes_the_other_direction_with_it() throws IOException {
      try (Line line = line()) {
        added(line, Trigger.ONE_SHOT, READ_WRITE);
        poll();
        line.send();
        assertThat(poll()).isEmpty();
      }
    }
  }

  @Nested
  class Registering {
    @Test
    void a_source_that_is_removed_is_not_told() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, READ);
        line.send();
        poller.remove(watch);
        assertThat(watch.watched()).isFalse();
        assertThat(poll()).isEmpty();
        poller.remove(watch);
      }
    }

    @Test
    void what_was_found_is_not_told_once_it_is_removed_or_unasked() throws IOException {
      try (Line one = line();
          Line two = line()) {
        Watch removed = added(one, Trigger.LEVEL, READ);
        Watch unasked = added(two, Trigger.LEVEL, READ);
        one.send();
        two.send();
        poller.poll(0, ready);
        assertThat(ready.size()).isEqualTo(2);
        poller.remove(removed);
        poller.update(unasked, WRITE);
        for (int i = 0; i < 2; i++) {
          assertThat(ready.watch(i).take(ready.readiness(i))).isZero();
        }
      }
    }

    @Test
    void a_source_may_be_added_again_after_it_was_removed() throws IOException {
      try (Line line = line()) {
        Watch first = added(line, Trigger.LEVEL, READ);
        line.send();
        poller.remove(first);
        Watch second = added(line, Trigger.LEVEL, READ);
        assertThat(poll()).containsExactly(Map.entry(second, READ));
      }
    }

    @Test
    void a_source_is_registered_once_and_the_error_names_the_other() throws IOException {
      try (Line line = line()) {
        Watch first = added(line, Trigger.LEVEL, READ);
        Watch second = line.watch(Trigger.LEVEL, WRITE);
        assertThatIllegalStateException()
            .isThrownBy(() -> poller.add(second))
            .withMessageContaining(first.source() + " is registered already")
            .withMessageContaining(first.toString());
        assertThat(second.watched()).isFalse();
        line.send();
        assertThat(poll()).as("the first goes on").containsExactly(Map.entry(first, READ));
      }
    }

    @Test
    void the_interest_of_what_is_not_registered_can_not_be_changed() throws IOException {
      try (Line line = line()) {
        Watch watch = line.watch(Trigger.LEVEL, READ);
        assertThatIllegalStateException()
            .isThrownBy(() -> poller.update(watch, WRITE))
            .withMessageContaining("is not registered");
      }
    }

    @Test
    void many_sources_are_told_each_once() throws IOException {
      Line[] lines = new Line[300];
      try {
        for (int i = 0; i < lines.length; i++) {
          lines[i] = line();
          added(lines[i], Trigger.LEVEL, READ);
          lines[i].send();
        }
        Map<Watch, Integer> found = new LinkedHashMap<>(poll());
        found.putAll(poll());
        assertThat(found).hasSize(lines.length);
      } finally {
        for (Line line : lines) {
          if (line != null) {
            line.close();
          }
        }
      }
    }
  }

  @Nested
  class Waking {
    @Test
    void a_wake_up_before_the_wait_ends_it() throws IOException {
      assertThat(poller.wakeup()).isTrue();
      assertThat(poll(TimeUnit.HOURS.toNanos(1))).isEmpty();
    }

    @Test
    void several_wake_ups_end_one_wait() throws IOException {
      poller.wakeup();
      poller.wakeup();
      poll(TimeUnit.HOURS.toNanos(1));
      assertThat(poll(1)).isEmpty();
    }

    @Test
    void a_wake_up_and_a_source_are_found_together() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, READ);
        line.send();
        poller.wakeup();
        assertThat(poll(TimeUnit.HOURS.toNanos(1))).containsExactly(Map.entry(watch, READ));
      }
    }

    @Test
    void another_thread_ends_a_wait() throws Exception {
      Thread waker = Thread.ofPlatform().start(() -> poller.wakeup());
      poll(TimeUnit.HOURS.toNanos(1));
      waker.join();
    }

    @Test
    void nobody_is_woken_after_the_end_and_that_is_no_failure() throws IOException {
      poller.close();
      assertThat(poller.wakeup()).isTrue();
    }
  }

  @Nested
  class Ending {
    @Test
    void sources_are_watched_no_more_and_stay_open() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.LEVEL, READ);
        poller.close();
        assertThat(watch.watched()).isFalse();
        line.send();
        line.drain();
      }
    }

    @Test
    void it_may_be_ended_again() throws IOException {
      poller.close();
      poller.close();
    }
  }
}
