package dev.kantele.runtime.websocket;

import static dev.kantele.runtime.websocket.Liveness.Verdict.ALIVE;
import static dev.kantele.runtime.websocket.Liveness.Verdict.PING;
import static dev.kantele.runtime.websocket.Liveness.Verdict.SILENT;
import static dev.kantele.runtime.websocket.Liveness.Verdict.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LivenessTest {
  private final Liveness liveness = new Liveness();

  private List<Liveness.Verdict> ticks(int halves, boolean reading, boolean writing) {
    var verdicts = new ArrayList<Liveness.Verdict>();
    for (int i = 0; i < halves; i++) {
      verdicts.add(liveness.tick(reading, writing));
    }
    return verdicts;
  }

  @Test
  void a_ping_is_due_every_second_half_until_silence_was_too_long() {
    assertThat(ticks(5, /* reading= */ true, /* writing= */ false))
        .containsExactly(ALIVE, PING, ALIVE, PING, SILENT);
  }

  @Test
  void any_byte_ends_the_silence() {
    ticks(4, /* reading= */ true, /* writing= */ false);
    liveness.heard();

    assertThat(ticks(6, /* reading= */ true, /* writing= */ false))
        .containsExactly(ALIVE, PING, ALIVE, PING, ALIVE, SILENT);
  }

  @Test
  void silence_means_nothing_while_nobody_listens() {
    assertThat(ticks(20, /* reading= */ false, /* writing= */ false))
        .doesNotContain(SILENT, STALLED);
  }

  @Test
  void a_peer_that_takes_nothing_is_given_up_even_while_nobody_listens() {
    assertThat(ticks(5, /* reading= */ false, /* writing= */ true)).endsWith(STALLED);
  }

  @Test
  void any_byte_that_is_taken_shows_that_the_peer_reads() {
    ticks(4, /* reading= */ false, /* writing= */ true);
    liveness.written();

    assertThat(ticks(5, /* reading= */ false, /* writing= */ true)).doesNotContain(STALLED);
    assertThat(ticks(1, /* reading= */ false, /* writing= */ true)).containsExactly(STALLED);
  }

  @Test
  void nothing_stalls_where_nothing_waits() {
    assertThat(ticks(20, /* reading= */ false, /* writing= */ false)).doesNotContain(STALLED);
  }
}
