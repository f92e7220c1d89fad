package dev.kantele.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kantele.protocol.client.Liveness.Verdict;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private final Liveness liveness = new Liveness();

  private Verdict silence() {
    return liveness.tick(/* stalled= */ false);
  }

  @Test
  void a_node_is_asked_after_one_silent_heartbeat_and_given_up_after_two() {
    assertThat(silence()).isEqualTo(Verdict.ALIVE);
    assertThat(silence()).isEqualTo(Verdict.QUIET);
    assertThat(silence()).isEqualTo(Verdict.QUIET);
    assertThat(silence()).isEqualTo(Verdict.DEAD);
  }

  @Test
  void any_sign_counts() {
    for (int i = 0; i < 3; i++) {
      Verdict _ = silence();
    }
    liveness.heard();

    assertThat(silence()).isEqualTo(Verdict.ALIVE);
    assertThat(silence()).isEqualTo(Verdict.ALIVE);
    assertThat(silence()).isEqualTo(Verdict.QUIET);
  }

  @Test
  void a_node_that_takes_nothing_for_two_heartbeats_is_given_up_although_it_talks() {
    for (int i = 0; i < 3; i++) {
      liveness.heard();
      assertThat(liveness.tick(/* stalled= */ true)).isEqualTo(Verdict.ALIVE);
    }
    liveness.heard();

    assertThat(liveness.tick(/* stalled= */ true)).isEqualTo(Verdict.DEAD);
  }
}
