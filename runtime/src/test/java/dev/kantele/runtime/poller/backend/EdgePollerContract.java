package dev.kantele.runtime.poller.backend;

import static dev.kantele.runtime.poller.backend.Interest.READ;
import static dev.kantele.runtime.poller.backend.Interest.READ_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What those back ends do besides that can tell changes only. */
abstract class EdgePollerContract extends PollerContract {

  @Nested
  class ByEdge {
    @Test
    void a_source_is_told_when_it_changes() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.EDGE, READ);
        line.send();
        assertThat(poll()).containsExactly(Map.entry(watch, READ));
        assertThat(poll()).isEmpty();
        line.send();
        assertThat(poll()).containsExactly(Map.entry(watch, READ));
      }
    }

    @Test
    void what_is_ready_when_it_is_added_counts_as_a_change() throws IOException {
      try (Line line = line()) {
        line.send();
        Watch watch = added(line, Trigger.EDGE, READ_WRITE);
        assertThat(poll()).containsExactly(Map.entry(watch, READ_WRITE));
        assertThat(poll()).isEmpty();
      }
    }

    @Test
    void changing_the_interest_tells_anew() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.EDGE, READ);
        line.send();
        poll();
        poller.update(watch, READ_WRITE);
        assertThat(poll()).containsExactly(Map.entry(watch, READ_WRITE));
      }
    }

    @Test
    void a_hang_up_is_told_once() throws IOException {
      try (Line line = line()) {
        Watch watch = added(line, Trigger.EDGE, READ);
        line.hangUp();
        assertThat(toldToRead(watch)).isTrue();
        assertThat(poll()).isEmpty();
      }
    }
  }
}
